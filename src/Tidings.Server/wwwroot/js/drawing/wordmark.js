import { h, svg } from '../dom.js';

export function wordmark() {
  return h('span', { class: 'wordmark' },
    svg('svg', { viewBox: '0 0 28 24', class: 'wordmark-tide', 'aria-hidden': 'true' },
      svg('path', { d: 'M2 7q6-6 12 0t12 0' }), svg('path', { d: 'M2 13.5q6-6 12 0t12 0', opacity: '.7' }), svg('path', { d: 'M2 20q6-6 12 0t12 0', opacity: '.4' })),
    h('span', {}, 'Tidings'));
}
