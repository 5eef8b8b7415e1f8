import { h } from '../dom.js';
import { emptyState } from '../parts/states.js';

export function lostView(title, text) {
  return {
    title,
    element: h('div', {}, h('h1', { class: 'unseen' }, title), emptyState('feed', title, text, h('a', { class: 'button button-strong', href: '/' }, 'To the feed'))),
  };
}
