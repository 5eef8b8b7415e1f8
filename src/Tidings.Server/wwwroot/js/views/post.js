import { h, replace } from '../dom.js';
import { api } from '../api.js';
import { icon } from '../drawing/icons.js';
import { postCard } from '../parts/post-card.js';
import { beginning } from '../parts/rich-text.js';
import { noSuchPost, postSkeletons, problemState } from '../parts/states.js';
import { back, entitle } from '../router.js';

const TITLE_CHARS = 40;

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
      entitle(view, `${post.author.name}: ${beginning(post.text, TITLE_CHARS) || 'a post'}`);
    } catch (problem) {
      replace(place, problem.status === 404
        ? noSuchPost()
        : problemState(problem, load));
    }
  }
}
