import { h, replace } from '../../dom.js';
import { icon } from '../../drawing/icons.js';
import { confirm } from '../../parts/dialog.js';
import { complainTo, field } from '../../parts/field.js';
import { problemState, rowSkeletons } from '../../parts/states.js';
import { say, sayProblem } from '../../say.js';
import { api } from '../api.js';
import { personLink } from '../parts/person.js';
import { table } from '../parts/table.js';

const COLUMNS = [['Name', ''], ['Kind', ''], ['Id', ''], ['', 'number', 'Revoke']];

/** The keys of backends; people who sign in through one of them. */
export function keysView() {
  const list = h('div', { class: 'table-card' });
  return {
    element: h('div', { class: 'narrow' }, h('div', { class: 'view-head' }, h('h1', {}, 'Keys and people')),
      h('section', { class: 'card' }, h('h2', {}, 'Keys'), h('p', { class: 'quiet' }, 'A service key lets a backend act for people. Its secret is shown once, when it is made.'), maker(load), list),
      adder()),
    shown: load,
  };

  async function load() {
    if (list.childElementCount === 0) replace(list, rowSkeletons(2));
    try {
      const { items } = await api.keys();
      replace(list, table({ caption: 'All keys', columns: COLUMNS, rows: items.map(rowOf) }));
    } catch (problem) {
      replace(list, problemState(problem, load));
    }
  }

  function rowOf(one) {
    const mayGo = one.kind !== 'admin';
    return [one.name, one.kind, h('code', {}, one.id),
      mayGo && h('button', { type: 'button', class: 'button button-danger', on: { click: () => revoke(one) } }, 'Revoke', h('span', { class: 'unseen' }, ` ${one.name}`))];
  }

  async function revoke({ id, name }) {
    if (!await confirm(`Revoke “${name}”?`, 'Whoever uses it is refused at once. It can’t be brought back.', 'Revoke')) return;
    try {
      await api.revokeKey(id);
      say(`“${name}” is revoked.`);
    } catch (problem) {
      sayProblem(`That didn’t work: ${problem.message}`);
    }
    await load();
  }
}

function maker(done) {
  const name = field('key-name', 'Which backend it is for', { autocomplete: 'off', maxlength: 80, required: true });
  const problem = h('p', { class: 'form-problem', role: 'alert', hidden: true });
  const shown = h('div', { class: 'secret', role: 'status' });
  return h('form', { class: 'line-form', novalidate: true, on: { submit } }, name.element, h('button', { type: 'submit', class: 'button' }, 'Make a key'), problem, shown);

  async function submit(event) {
    event.preventDefault();
    name.complain(null);
    problem.hidden = true;
    try {
      const made = await api.makeKey(name.value.trim());
      replace(shown, h('p', {}, `The key of “${made.name}”. It is shown here only: put it where the backend reads it.`),
        h('p', { class: 'secret-line' }, h('code', { data: { name: 'secret' } }, made.key),
          h('button', { type: 'button', class: 'button', on: { click: () => copy(made.key) } }, 'Copy'),
          h('button', { type: 'button', class: 'icon-button', 'aria-label': 'Close', on: { click: () => replace(shown) } }, icon('close'))));
      name.input.value = '';
      await done();
    } catch (failure) {
      complainTo({ name }, problem, failure);
    }
  }
}

async function copy(secret) {
  try {
    await navigator.clipboard.writeText(secret);
    say('Copied.');
  } catch {
    // Without HTTPS a page may not write there, off this machine.
    sayProblem('The browser doesn’t let this page copy: select the key instead.');
  }
}

/** Somebody who signs in through a backend, without a password; and somebody who is to be gone. */
function adder() {
  const handle = field('person-handle', 'Handle', { autocomplete: 'off', autocapitalize: 'none', spellcheck: 'false', maxlength: 30 }, '2 to 30 of a–z, 0–9 and _.');
  const name = field('person-name', 'Name', { autocomplete: 'off', maxlength: 80 });
  const problem = h('p', { class: 'form-problem', role: 'alert', hidden: true });
  const made = h('div', { role: 'status' });
  const gone = field('erase-id', 'Id of the person', { inputmode: 'numeric', autocomplete: 'off', maxlength: 20 });
  return h('section', { class: 'card' }, h('h2', {}, 'People'),
    h('p', { class: 'quiet' }, 'Somebody who signs in through a backend, without a password here.'),
    h('form', { class: 'line-form', novalidate: true, on: { submit: add } }, handle.element, name.element, h('button', { type: 'submit', class: 'button' }, 'Add a person'), problem, made),
    h('p', { class: 'quiet' }, 'Somebody who is to be gone, with all that is theirs.'),
    h('form', { class: 'line-form', novalidate: true, on: { submit: erase } }, gone.element, h('button', { type: 'submit', class: 'button button-danger' }, 'Erase for good')));

  async function add(event) {
    event.preventDefault();
    for (const one of [handle, name]) one.complain(null);
    problem.hidden = true;
    try {
      replace(made, h('p', { class: 'quiet' }, 'Added: ', personLink(await api.addPerson({ handle: handle.value.trim(), name: name.value.trim() }))));
      handle.input.value = name.input.value = '';
    } catch (failure) {
      complainTo({ handle, name }, problem, failure);
    }
  }

  async function erase(event) {
    event.preventDefault();
    gone.complain(null);
    try {
      const person = await api.person(gone.value.trim() || '0');
      if (!await confirm(`Erase ${person.name} (@${person.handle})?`, 'The account and all that they wrote, liked and said is gone for good, from every feed at once.', 'Erase')) return;
      await api.erasePerson(person.id);
      gone.input.value = '';
      say(`${person.name} is erased.`);
    } catch (failure) {
      gone.complain(failure.status === 404 ? 'There is nobody with this id.' : failure.message);
      gone.focus();
    }
  }
}
