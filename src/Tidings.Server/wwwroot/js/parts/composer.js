import { h } from '../dom.js';
import { api, keys } from '../api.js';
import { icon } from '../drawing/icons.js';
import { say } from '../say.js';
import { session } from '../session.js';
import { posts } from '../state.js';
import { openDialog } from './dialog.js';

// Writing a post, or changing one. What was begun is kept until it is sent, also when the dialog is closed.

const CHARS_MAX = 10_000, COUNTED_FROM = 9_000, MEDIA_MAX = 20, DRAFT = 'tidings.draft';

const TYPES = [['text', 'Text'], ['image', 'Pictures'], ['video', 'Video'], ['link', 'Link']];

/** Told of each new post: `published`, with the post. */
export const published = new EventTarget();

// What somebody began is not for whoever sits here next. It outlives a session that the server ended: who signs in again goes on with it.
session.addEventListener('change', () => {
  if (!session.token && !session.wasCut) sessionStorage.removeItem(DRAFT);
});

function begun() {
  const draft = JSON.parse(sessionStorage.getItem(DRAFT) ?? '{}');
  return draft.by === session.personId ? draft : {};
}

/** @param post the post to change; null to write one */
export function compose(post = null) {
  const draft = post ? null : begun();
  const text = h('textarea', {
    id: 'compose-text', rows: 5, maxlength: CHARS_MAX, placeholder: 'What’s the news?', 'aria-label': 'Text of the post', value: post?.text ?? draft.text ?? '',
  });
  const type = post ? null : typeChoice(draft.type ?? 'text', refresh);
  const media = h('input', { id: 'compose-media', type: 'text', autocomplete: 'off', value: draft?.media ?? '', 'aria-describedby': 'compose-media-hint' });
  const mediaField = h('div', { class: 'field', hidden: true },
    h('label', { for: 'compose-media' }, 'Media ids'), media,
    h('p', { class: 'hint', id: 'compose-media-hint' }, `As your media store names them, with commas between; up to ${MEDIA_MAX}.`));
  const audience = audienceChoice(post ?? draft);
  const count = h('span', { class: 'compose-count', 'aria-live': 'polite' });
  const problem = h('p', { class: 'form-problem', role: 'alert', hidden: true });
  const send = h('button', { type: 'submit', class: 'button button-strong' }, post ? 'Save' : 'Post');
  const keyOf = keys();

  const form = h('form', { class: 'compose', on: { submit, input: refresh, keydown } },
    type?.element, text, mediaField, problem,
    h('div', { class: 'compose-foot' }, audience.element, h('span', { class: 'grow' }), count, send));
  const dialog = openDialog(post ? 'Edit the post' : 'New post', form);
  text.focus();
  text.setSelectionRange(text.value.length, text.value.length);
  refresh();

  function refresh() {
    const needsMedia = type && (type.value === 'image' || type.value === 'video');
    mediaField.hidden = !needsMedia;
    count.textContent = text.value.length > COUNTED_FROM ? `${CHARS_MAX - text.value.length} left` : '';
    send.disabled = needsMedia ? mediaIds().length === 0 : text.value.trim() === '' && !post?.media_ids.length;
    text.style.height = 'auto';
    text.style.height = `${Math.min(text.scrollHeight + 2, innerHeight * 0.45)}px`;
    if (!post) sessionStorage.setItem(DRAFT, JSON.stringify({ by: session.personId, text: text.value, type: type.value, media: media.value, ...audience.value }));
  }

  function keydown(event) {
    if (event.key === 'Enter' && (event.ctrlKey || event.metaKey) && !send.disabled) {
      event.preventDefault();
      form.requestSubmit();
    }
  }

  function mediaIds() {
    return media.value.split(',').map(id => id.trim()).filter(Boolean);
  }

  async function submit(event) {
    event.preventDefault();
    send.disabled = true;
    problem.hidden = true;
    try {
      await (post ? change() : publish());
      dialog.close();
    } catch (failure) {
      problem.textContent = failure.errors?.[0]?.rule ?? failure.message;
      problem.hidden = false;
      send.disabled = false;
    }
  }

  async function publish() {
    const needsMedia = !mediaField.hidden;
    const body = { text: text.value, type: type.value, ...(needsMedia ? { media_ids: mediaIds() } : {}), ...audience.value };
    const made = await api.publish(body, keyOf(body));
    sessionStorage.removeItem(DRAFT);
    const whole = posts.put(made.id, await api.post(made.id));
    published.dispatchEvent(new CustomEvent('published', { detail: whole }));
    say('Posted.');
  }

  async function change() {
    const now = await api.edit(post.id, post.version, { text: text.value, ...audience.changed });
    posts.put(post.id, { ...posts.get(post.id), ...now });
    say('Saved.');
  }
}

function typeChoice(chosen, changed) {
  const name = 'compose-type';
  const element = h('fieldset', { class: 'segments' }, h('legend', { class: 'unseen' }, 'Kind of post'),
    TYPES.map(([value, label]) => h('label', { class: 'segment' },
      h('input', { type: 'radio', name, value, checked: value === chosen, on: { change: changed } }), icon(value), h('span', {}, label))));
  return { element, get value() { return element.querySelector(':checked').value; } };
}

/**
 * Everybody, friends, or one of the lists, which are asked for meanwhile. What was chosen before stands at once: a list that hasn't come yet, or
 * is gone, never makes a post one for everybody.
 */
function audienceChoice(before) {
  const kept = before?.audience === 'custom' ? before.audience_list : null;
  const select = h('select', { id: 'compose-audience' }, h('option', { value: 'public' }, 'Everybody'), h('option', { value: 'friends' }, 'Friends'),
    kept && h('optgroup', { label: 'Your lists' }, h('option', { value: kept }, 'One of your lists')));
  const first = select.value = kept ?? (before?.audience === 'friends' ? 'friends' : 'public');
  api.audiences().then(({ items }) => {
    const chosen = select.value;
    const isGone = kept && !items.some(list => list.id === kept);
    select.querySelector('optgroup')?.remove();
    if (items.length > 0 || isGone) {
      select.append(h('optgroup', { label: 'Your lists' }, isGone && h('option', { value: kept }, 'A list that is gone'),
        items.map(list => h('option', { value: list.id }, list.name))));
    }
    select.value = chosen;
  }, () => {});
  return {
    element: h('div', { class: 'compose-audience' }, h('label', { for: 'compose-audience' }, 'Who can see it'), select),
    get value() {
      return select.value === 'public' || select.value === 'friends' ? { audience: select.value } : { audience: 'custom', audience_list: select.value };
    },
    /** Nothing where it is as it was. */
    get changed() { return select.value === first ? {} : this.value; },
  };
}
