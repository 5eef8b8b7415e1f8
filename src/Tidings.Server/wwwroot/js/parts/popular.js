import { h, replace } from '../dom.js';
import { api } from '../api.js';
import { postCard } from './post-card.js';

const SHOWN_MAX = 10;

/** What many people like just now: something to read, and somebody to follow, for those who follow nobody yet. */
export function popular() {
  const section = h('section', { class: 'popular', hidden: true });
  api.popular(SHOWN_MAX).then(({ items }) => {
    if (items.length === 0) return;
    section.hidden = false;
    replace(section, h('h2', {}, 'Popular now'),
      h('div', { class: 'posts', role: 'feed', 'aria-label': 'Popular now' }, items.map(post => postCard(post))));
  }, () => {});
  return section;
}
