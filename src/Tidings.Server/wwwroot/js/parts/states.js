import { h } from '../dom.js';
import { icon } from '../drawing/icons.js';

// What stands where there is nothing to see: not yet, not here, not now.

/** Grey shapes where posts will be. */
export function postSkeletons(count = 4) {
  return h('div', { class: 'skeletons', 'aria-hidden': 'true' }, Array.from({ length: count }, (_, i) => h('div', { class: 'skeleton-post' },
    h('span', { class: 'skeleton skeleton-avatar' }),
    h('div', {}, h('span', { class: 'skeleton skeleton-name' }), h('span', { class: 'skeleton skeleton-line' }),
      h('span', { class: `skeleton skeleton-line skeleton-line-${i % 3}` })))));
}

export function rowSkeletons(count = 5) {
  return h('div', { class: 'skeletons', 'aria-hidden': 'true' }, Array.from({ length: count }, () => h('div', { class: 'skeleton-row' },
    h('span', { class: 'skeleton skeleton-avatar' }), h('span', { class: 'skeleton skeleton-name' }))));
}

export function emptyState(name, title, text, action = null) {
  return h('div', { class: 'empty' }, h('span', { class: 'empty-mark' }, icon(name)), h('h2', {}, title), h('p', {}, text), action);
}

export function noSuchPost() {
  return emptyState('hide', 'Not here', 'The post was deleted, or it is not for you to see.', h('a', { class: 'button', href: '/' }, 'To the feed'));
}

export function problemState(problem, retry) {
  return h('div', { class: 'empty', role: 'alert' },
    h('span', { class: 'empty-mark' }, icon('offline')), h('h2', {}, 'That didn’t load'), h('p', {}, problem.message),
    h('button', { type: 'button', class: 'button', on: { click: retry } }, 'Try again'));
}
