import { h, replace } from '../dom.js';
import { api } from '../api.js';
import { icon } from '../drawing/icons.js';
import { emptyState, problemState, rowSkeletons } from '../parts/states.js';
import { pageHead } from '../parts/tabs.js';
import { go } from '../router.js';
import { plural } from '../time.js';
import { peopleTabs } from './people.js';

/** The lists of people to whom posts can be shown. */
export function audiencesView() {
  const place = h('div');
  load();
  return {
    title: 'Lists',
    element: h('div', {}, pageHead('Lists'), peopleTabs('/audiences'),
      h('p', { class: 'quiet pad' }, 'Posts can be shown to a list alone. Nobody but you knows of a list, nor who is on it.'), newList(), place),
  };

  async function load() {
    replace(place, rowSkeletons(3));
    try {
      const { items } = await api.audiences();
      replace(place, items.length === 0 ? emptyState('lists', 'No lists yet', 'Family, the climbing club, those who like puns: begin one above.') : drawn(items));
    } catch (problem) {
      replace(place, problemState(problem, load));
    }
  }
}

const drawn = lists => h('ul', { class: 'list-rows' }, lists.map(list => h('li', {}, h('a', { href: `/audiences/${list.id}` },
  icon('lists'), h('strong', {}, list.name), h('span', { class: 'quiet' }, plural(list.members, 'person', 'people'))))));

function newList() {
  const name = h('input', { id: 'new-list', maxlength: 80, required: true, autocomplete: 'off', placeholder: 'Name of a new list' });
  const problem = h('p', { class: 'form-problem', role: 'alert', hidden: true });
  return h('form', { class: 'one-line pad', on: { submit: add } }, h('label', { for: 'new-list', class: 'unseen' }, 'Name of a new list'), name,
    h('button', { type: 'submit', class: 'button button-strong' }, 'Add'), problem);

  async function add(event) {
    event.preventDefault();
    try {
      const list = await api.addAudience(name.value.trim());
      go(`/audiences/${list.id}`);
    } catch (failure) {
      problem.textContent = failure.errors?.[0]?.rule ?? failure.message;
      problem.hidden = false;
    }
  }
}
