import { h, replace } from '../dom.js';
import { api } from '../api.js';
import { icon } from '../drawing/icons.js';
import { ties } from '../state.js';

/** Finds someone by handle. @param found told of the person: answers what is shown of them */
export function findPerson(found, label = 'Find someone by handle') {
  const id = `find-${label.length}-${Math.floor(performance.now())}`;
  const input = h('input', { id, type: 'search', placeholder: '@handle', autocomplete: 'off', autocapitalize: 'none', spellcheck: 'false', maxlength: 31, 'aria-describedby': `${id}-hint` });
  const result = h('div', { class: 'find-result', 'aria-live': 'polite' });
  return h('form', { class: 'find', role: 'search', 'aria-label': label, on: { submit: search } },
    h('label', { for: id, class: 'unseen' }, label),
    h('span', { class: 'find-field' }, icon('search'), input),
    h('p', { class: 'hint', id: `${id}-hint` }, 'The whole handle, letter for letter.'), result);

  async function search(event) {
    event.preventDefault();
    const handle = input.value.trim().replace(/^@/, '').toLowerCase();
    if (handle === '') return;
    try {
      const person = await api.personByHandle(handle);
      if (person.tie) ties.put(person.id, person.tie);
      replace(result, found(person));
    } catch (problem) {
      replace(result, h('p', { class: 'quiet' }, problem.status === 404 ? `There is no @${handle}.` : problem.message));
    }
  }
}
