import { h, replace } from '../dom.js';
import { api } from '../api.js';
import { icon } from '../drawing/icons.js';
import { postCard } from '../parts/post-card.js';
import { emptyState, postSkeletons, problemState } from '../parts/states.js';
import { back, entitle } from '../router.js';

/** One post with its comments. */
export function postView(id) {
  const place = h('div', { class: 'posts' });
  const view = {
    title: 'Post',
    element: h('div', {},
      h('header', { class: 'page-head' }, h('div', { class: 'page-head-row' },
        h('button', { type: 'button', class: 'icon-button', 'aria-label': 'Back', on: { click: () => back() } }, icon('back')), h('h1', {}, 'Post'))),
      place),
  };
  load();
  return view;

  async function load() {
    replace(place, postSkeletons(1));
    try {
      const post = await api.post(id);
      replace(place, postCard(post, { whole: true }));
      entitle(view, `${post.author.name}: ${post.text.slice(0, 40) || 'a post'}`);
    } catch (problem) {
      replace(place, problem.status === 404
        ? emptyState('hide', 'Not here', 'The post was deleted, or it is not for you to see.', h('a', { class: 'button', href: '/' }, 'To the feed'))
        : problemState(problem, load));
    }
  }
}
