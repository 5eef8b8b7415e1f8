import { h } from '../dom.js';
import { wordmark } from '../drawing/wordmark.js';
import { emptyState } from '../parts/states.js';

/** @param alone without the frame around it, for those who aren't signed in */
export function lostView(title, text, { alone = false } = {}) {
  const content = [h('h1', { class: 'unseen' }, title), emptyState('feed', title, text, h('a', { class: 'button button-strong', href: '/' }, 'To the feed'))];
  return { title, isDoor: alone, element: alone ? h('main', { class: 'lost', id: 'main' }, wordmark(), content) : h('div', {}, content) };
}
