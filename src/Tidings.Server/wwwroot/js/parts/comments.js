import { h, replace } from '../dom.js';
import { api, once } from '../api.js';
import { avatar } from '../drawing/avatar.js';
import { icon } from '../drawing/icons.js';
import { say, sayProblem } from '../say.js';
import { session } from '../session.js';
import { facts, posts } from '../state.js';
import { timeAgo } from '../time.js';
import { confirm } from './dialog.js';
import { pathOf } from './person.js';
import { richText } from './rich-text.js';

const CHARS_MAX = 2_000;

/** The comments of a post, and room to write one. */
export function commentsOf(post) {
  const list = h('ol', { class: 'comments-list' });
  const foot = h('div', { class: 'comments-foot' });
  load(null);
  return h('section', { class: 'comments', 'aria-label': 'Comments' }, form(post, list), list, foot);

  async function load(cursor) {
    replace(foot, h('p', { class: 'quiet' }, 'Loading comments…'));
    try {
      const page = await api.comments(post.id, cursor);
      list.append(...page.items.map(comment => drawn(post, comment)));
      replace(foot, page.next_cursor && h('button', { type: 'button', class: 'link-button', on: { click: () => load(page.next_cursor) } }, 'More comments'));
    } catch (problem) {
      replace(foot, h('p', { class: 'quiet' }, problem.message, ' ',
        h('button', { type: 'button', class: 'link-button', on: { click: () => load(cursor) } }, 'Try again')));
    }
  }
}

function form(post, list) {
  const me = facts.get('me');
  const text = h('textarea', { rows: 1, maxlength: CHARS_MAX, 'aria-label': 'Write a comment', placeholder: 'Write a comment…', required: true });
  const send = h('button', { type: 'submit', class: 'button button-strong' }, 'Comment');
  // The same key until it went through: sending again after a broken connection never comments twice.
  let key = once();
  text.addEventListener('keydown', event => {
    if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) text.form.requestSubmit();
    if (event.key === 'Escape') text.closest('post-card')?.focus();
  });
  return h('form', { class: 'comment-form', on: { submit } }, me && avatar(me, 's'), text, send);

  async function submit(event) {
    event.preventDefault();
    const words = text.value.trim();
    if (words === '') return;
    send.disabled = true;
    const ahead = drawn(post, { id: null, author: me, text: words, created_at: new Date().toISOString() });
    list.append(ahead);
    count(post.id, 1);
    text.value = '';
    try {
      const made = await api.comment(post.id, words, key);
      ahead.replaceWith(drawn(post, { ...made, author: me }));
      key = once();
    } catch (problem) {
      ahead.remove();
      count(post.id, -1);
      text.value = words;
      sayProblem(`Your comment was not sent: ${problem.message}`);
    } finally {
      send.disabled = false;
    }
  }
}

function drawn(post, comment) {
  const mayDelete = comment.id && (comment.author.id === session.personId || post.author.id === session.personId);
  const element = h('li', { class: comment.id ? 'comment' : 'comment comment-ahead' },
    avatar(comment.author, 's'),
    h('div', { class: 'comment-words' },
      h('p', { class: 'comment-head' }, h('a', { href: pathOf(comment.author) }, h('strong', {}, comment.author.name)), ' ', timeAgo(comment.created_at)),
      h('p', { class: 'comment-text' }, richText(comment.text))),
    mayDelete && h('button', { type: 'button', class: 'icon-button', 'aria-label': `Delete the comment of ${comment.author.name}`, on: { click: remove } }, icon('bin')));
  return element;

  async function remove() {
    if (!await confirm('Delete this comment?', 'It can’t be brought back.', 'Delete')) return;
    const next = element.nextSibling, parent = element.parentNode;
    element.remove();
    count(post.id, -1);
    try {
      await api.removeComment(post.id, comment.id);
      say('Comment deleted.');
    } catch (problem) {
      parent.insertBefore(element, next);
      count(post.id, 1);
      sayProblem(`That didn’t work: ${problem.message}`);
    }
  }
}

function count(id, by) {
  const post = posts.get(id);
  if (post) posts.patch(id, { counts: { ...post.counts, comments: post.counts.comments + by } });
}
