import { h, replace } from '../dom.js';
import { api } from '../api.js';
import { icon } from '../drawing/icons.js';
import { openDialog } from './dialog.js';
import { TO_READER, whyDrawn } from './why-drawn.js';

/** The button under a post. */
export function whyButton(post) {
  return h('button', {
    type: 'button', class: 'action action-why', data: { name: 'why' }, title: 'Why this post', on: { click: () => showWhy(post) },
  }, icon('why'), h('span', { class: 'unseen' }, 'Why this post'));
}

function showWhy(post) {
  const content = h('div', { class: 'why' }, h('p', { class: 'quiet' }, 'Asking the server…'));
  openDialog('Why this post', content, { kind: 'sheet' });
  api.why(post.id).then(why => replace(content, whyDrawn(why, TO_READER)), problem => replace(content, h('p', { class: 'form-problem' }, problem.message)));
}
