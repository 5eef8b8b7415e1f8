import { h } from '../dom.js';
import { wordmark } from '../drawing/wordmark.js';
import { complainTo, field } from '../parts/field.js';
import { api } from './api.js';
import { key } from './key.js';

/** The way in, with the admin key. It is tried before it is kept. */
export function door() {
  const secret = field('key', 'Admin key', { type: 'password', autocomplete: 'off', spellcheck: 'false', required: true, maxlength: 200 },
    'Printed once, at the first start. Kept in this tab only, until you sign out or close it.');
  const problem = h('p', { class: 'form-problem', role: 'alert', hidden: true });
  const enter = h('button', { type: 'submit', class: 'button button-strong button-wide' }, 'Sign in');
  return h('main', { class: 'console-door', id: 'main' },
    h('form', { class: 'form console-door-form', novalidate: true, on: { submit } },
      h('div', { class: 'console-door-mark' }, wordmark(), h('span', { class: 'console-mark' }, 'Console')),
      h('h1', {}, 'Sign in'), key.farewell && h('p', { class: 'quiet' }, key.farewell),
      secret.element, problem, enter));

  async function submit(event) {
    event.preventDefault();
    const value = secret.value.trim();
    secret.complain(null);
    problem.hidden = true;
    if (value === '') {
      secret.complain('The key is needed.');
      secret.focus();
      return;
    }
    enter.disabled = true;
    try {
      await api.tryKey(value);
      key.take(value);
    } catch (failure) {
      refused(failure);
    } finally {
      enter.disabled = false;
    }
  }

  function refused(failure) {
    const words = { 401: 'This server doesn’t know that key.', 403: 'That key is valid, but it is not an admin key.' }[failure.status];
    complainTo({ key: secret }, problem, words ? { errors: [{ field: 'key', rule: words }] } : failure);
  }
}
