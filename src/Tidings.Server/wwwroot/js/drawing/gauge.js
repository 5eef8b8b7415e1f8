import { h } from '../dom.js';
import { percent } from '../figures.js';

/** A bar that is so full. @param label what it tells, for those who don't see it @param text what stands beside it, if anything */
export function gauge(share, label, text = null) {
  const within = Math.min(1, Math.max(0, share));
  const bar = h('div', {
    class: 'gauge', role: 'meter', 'aria-label': label, 'aria-valuemin': 0, 'aria-valuemax': 100, 'aria-valuenow': (within * 100).toFixed(2), 'aria-valuetext': percent(share),
  }, h('div', { class: 'gauge-fill', vars: { share: within } }));
  return text === null ? bar : h('div', { class: 'gauge-row' }, bar, h('span', { class: 'gauge-text' }, text));
}
