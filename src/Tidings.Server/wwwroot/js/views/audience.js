import { h } from '../dom.js';
import { api } from '../api.js';
import { icon } from '../drawing/icons.js';
import { confirm } from '../parts/dialog.js';
import { endless } from '../parts/endless.js';
import { findPerson } from '../parts/find-person.js';
import { personRow } from '../parts/person.js';
import { emptyState, rowSkeletons } from '../parts/states.js';
import { entitle, go } from '../router.js';
import { say, sayProblem } from '../say.js';

/** One audience list: who is on it. */
export function audienceView(id) {
  const heading = h('h1', {}, 'List');
  const list = h('div', { class: 'person-list' });
  const members = endless(cursor => api.audienceMembers(id, cursor), row, {
    list, skeleton: () => rowSkeletons(3), noun: 'people', empty: () => emptyState('lists', 'Nobody on it', 'Find someone above and put them on the list.'),
  });
  const view = {
    title: 'List',
    element: h('div', {},
      h('header', { class: 'page-head' }, h('div', { class: 'page-head-row' },
        h('a', { class: 'icon-button', href: '/audiences', 'aria-label': 'All lists' }, icon('back')), heading,
        h('button', { type: 'button', class: 'button button-danger', on: { click: removeList } }, 'Delete list'))),
      h('div', { class: 'pad' }, findPerson(found, 'Find someone for the list')),
      members.element),
  };
  name();
  return view;

  async function name() {
    const known = (await api.audiences().catch(() => ({ items: [] }))).items.find(one => one.id === id);
    if (!known) return;
    heading.textContent = known.name;
    entitle(view, known.name);
  }

  function found(person) {
    return personRow(person, h('button', { type: 'button', class: 'button button-strong', on: { click: () => add(person) } }, 'Put on the list'));
  }

  async function add(person) {
    try {
      await api.addMember(id, person.id);
      if (!list.querySelector(`[data-person="${person.id}"]`)) members.again();
      say(`${person.name} is on the list.`);
    } catch (problem) {
      sayProblem(`That didn’t work: ${problem.message}`);
    }
  }

  function row(person) {
    const element = personRow(person, h('button', { type: 'button', class: 'button', on: { click: remove } }, 'Take off', h('span', { class: 'unseen' }, ` ${person.name}`)));
    return element;

    async function remove() {
      element.hidden = true;
      try {
        await api.removeMember(id, person.id);
        element.remove();
        say(`${person.name} is off the list.`);
      } catch (problem) {
        element.hidden = false;
        sayProblem(`That didn’t work: ${problem.message}`);
      }
    }
  }

  async function removeList() {
    if (!await confirm('Delete this list?', 'Posts that were for it are then seen by you alone.', 'Delete')) return;
    try {
      await api.removeAudience(id);
      say('List deleted.');
      go('/audiences');
    } catch (problem) {
      sayProblem(`That didn’t work: ${problem.message}`);
    }
  }
}
