import { h, replace } from '../dom.js';
import { api } from '../api.js';
import { avatar } from '../drawing/avatar.js';
import { wordmark } from '../drawing/wordmark.js';
import { complainTo, field } from '../parts/field.js';
import { session } from '../session.js';

const WORDS = {
  'sign-in': { title: 'Sign in', action: 'Sign in', other: ['New here?', '/join', 'Join'] },
  join: { title: 'Join', action: 'Join', other: ['Already here?', '/sign-in', 'Sign in'] },
};

/** The way in. @param kind sign-in or join */
export function doorView(kind) {
  const words = WORDS[kind], isNew = kind === 'join';
  const handle = field('handle', 'Handle', { autocomplete: 'username', autocapitalize: 'none', spellcheck: 'false', maxlength: 30, required: true }, isNew ? '2 to 30 of a–z, 0–9 and _. It stays yours.' : null);
  const name = isNew ? field('name', 'Name', { autocomplete: 'name', maxlength: 80, required: true }) : null;
  const password = field('password', 'Password', { type: 'password', autocomplete: isNew ? 'new-password' : 'current-password', required: true }, isNew ? 'At least 10 characters.' : null);
  const problem = h('p', { class: 'form-problem', role: 'alert', hidden: true });
  const send = h('button', { type: 'submit', class: 'button button-strong button-wide' }, words.action);
  const demo = h('section', { class: 'door-demo', hidden: true });
  offerDemo(demo, failed);

  return {
    title: words.title,
    isDoor: true,
    element: h('main', { class: 'door', id: 'main' },
      h('section', { class: 'door-hello', 'aria-label': 'About' }, wordmark(),
        h('p', { class: 'door-line' }, 'News from the people you chose, in an order that explains itself.'),
        h('div', { class: 'door-tide', 'aria-hidden': 'true' })),
      h('section', { class: 'door-form', 'aria-label': words.title },
        h('form', { class: 'form', novalidate: true, on: { submit } },
          h('h1', {}, words.title), session.farewell && h('p', { class: 'quiet' }, session.farewell),
          name?.element, handle.element, password.element, problem, send,
          h('p', { class: 'door-other' }, `${words.other[0]} `, h('a', { href: words.other[1] }, words.other[2]))),
        demo)),
  };

  async function submit(event) {
    event.preventDefault();
    send.disabled = true;
    problem.hidden = true;
    for (const one of [handle, name, password]) one?.complain(null);
    const own = handle.value.trim().replace(/^@/, '').toLowerCase();
    try {
      session.begin(isNew ? (await api.signUp(own, name.value.trim(), password.value)).session : await api.signIn(own, password.value));
    } catch (failure) {
      failed(failure);
    } finally {
      send.disabled = false;
    }
  }

  function failed(failure) {
    complainTo({ handle, ...(isNew ? { name, password } : { password }) }, problem, failure);
  }
}

/** Where the server is a demo, its people are a click away. */
async function offerDemo(place, failed) {
  const { items } = await api.demoPeople().catch(() => ({ items: [] }));
  if (items.length === 0) return;
  place.hidden = false;
  replace(place, h('h2', {}, 'Or look around as'), h('div', { class: 'door-people' }, items.map(person => h('button', {
    type: 'button', class: 'door-person', on: { click: () => api.demoSignIn(person.handle).then(opened => session.begin(opened), failed) },
  }, avatar(person), h('span', {}, person.name)))));
}
