import { h, replace } from '../dom.js';
import { api, keys } from '../api.js';
import { avatar } from '../drawing/avatar.js';
import { icon } from '../drawing/icons.js';
import { say, sayProblem } from '../say.js';
import { session } from '../session.js';
import { facts, posts } from '../state.js';
import { timeAgo } from '../time.js';
import { confirm } from './dialog.js';
import { pathOf } from './person.js';
import { richText } from './rich-text.js';
import { watching } from './watching.js';

const CHARS_MAX = 2_000;

/** The comments of a post, and room to write one. What others write meanwhile is told by the post's counter, and comes when it is asked for. */
export function commentsOf(post) {
  const list = h('ol', { class: 'comments-list' });
  const foot = h('div', { class: 'comments-foot' });
  let known = countOf(post.id);
  load(null);
  return h('section', { class: 'comments', 'aria-label': 'Comments' }, form(), list, foot);

  async function load(cursor) {
    replace(foot, h('p', { class: 'quiet' }, 'Loading comments…'));
    const before = countOf(post.id);
    try {
      const page = await api.comments(post.id, cursor);
      const shown = new Set(Array.from(list.children, one => one.dataset.comment));
      list.append(...page.items.filter(comment => !shown.has(comment.id)).map(drawn));
      known = Math.max(before, list.childElementCount);
      replace(foot, page.next_cursor
        ? link('More comments', page.next_cursor)
        : watching(posts, post.id, () => countOf(post.id) > known && link('Show new comments', cursor)));
    } catch (problem) {
      replace(foot, h('p', { class: 'quiet' }, problem.message, ' ', link('Try again', cursor)));
    }
  }

  function link(label, cursor) {
    return h('button', { type: 'button', class: 'link-button', on: { click: () => load(cursor) } }, label);
  }

  /** One's own doing is counted at once, and is no news. */
  function count(by) {
    known += by;
    const now = posts.get(post.id);
    if (now) posts.patch(post.id, { counts: { ...now.counts, comments: now.counts.comments + by } });
  }

  function form() {
    const text = h('textarea', { rows: 1, maxlength: CHARS_MAX, dir: 'auto', 'aria-label': 'Write a comment', placeholder: 'Write a comment…', required: true });
    const send = h('button', { type: 'submit', class: 'button button-strong' }, 'Comment');
    let keyOf = keys();
    text.addEventListener('keydown', event => {
      if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) text.form.requestSubmit();
      if (event.key === 'Escape') text.closest('post-card')?.focus();
    });
    return h('form', { class: 'comment-form', on: { submit } }, watching(facts, 'me', me => me && avatar(me, 's')), text, send);

    async function submit(event) {
      event.preventDefault();
      const words = text.value.trim();
      if (words === '' || send.disabled) return;
      send.disabled = true;
      const author = facts.get('me') ?? { id: session.personId, name: 'You', handle: '' };
      const ahead = drawn({ id: null, author, text: words, created_at: new Date().toISOString() });
      list.append(ahead);
      count(1);
      text.value = '';
      try {
        ahead.replaceWith(drawn({ ...await api.comment(post.id, words, keyOf(words)), author }));
        keyOf = keys();
      } catch (problem) {
        ahead.remove();
        count(-1);
        text.value = words;
        sayProblem(`Your comment was not sent: ${problem.message}`);
      } finally {
        send.disabled = false;
      }
    }
  }

  function drawn(comment) {
    const mayDelete = comment.id && (comment.author.id === session.personId || post.author.id === session.personId);
    const element = h('li', { class: comment.id ? 'comment' : 'comment comment-ahead', data: comment.id ? { comment: comment.id } : {} },
      avatar(comment.author, 's'),
      h('div', { class: 'comment-words' },
        h('p', { class: 'comment-head' }, h('a', { href: pathOf(comment.author) }, h('strong', {}, comment.author.name)), ' ', timeAgo(comment.created_at)),
        h('p', { class: 'comment-text' }, richText(comment.text))),
      mayDelete && h('button', { type: 'button', class: 'icon-button', 'aria-label': `Delete the comment of ${comment.author.name}`, on: { click: remove } }, icon('bin')));
    return element;

    async function remove() {
      if (!await confirm('Delete this comment?', 'It can’t be brought back.', 'Delete')) return;
      const next = element.nextSibling;
      element.remove();
      count(-1);
      try {
        await api.removeComment(post.id, comment.id);
        say('Comment deleted.');
      } catch (problem) {
        list.insertBefore(element, next);
        count(1);
        sayProblem(`That didn’t work: ${problem.message}`);
      }
    }
  }
}

const countOf = id => posts.get(id)?.counts.comments ?? 0;
