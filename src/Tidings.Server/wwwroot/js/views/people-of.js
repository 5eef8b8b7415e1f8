import { h } from '../dom.js';
import { api } from '../api.js';
import { endless } from '../parts/endless.js';
import { followButton, personRow } from '../parts/person.js';
import { emptyState, rowSkeletons } from '../parts/states.js';
import { pageHead, tabs } from '../parts/tabs.js';

const LABELS = { following: 'Following', followers: 'Followers', friends: 'Friends' };

/** Whom a person follows, who follows them, their friends. */
export function peopleOfView(handle, list) {
  const found = api.personByHandle(handle);
  const people = endless(async cursor => api.peopleOf((await found).id, list, cursor), person => personRow(person, followButton(person)), {
    list: h('div', { class: 'person-list' }), skeleton: rowSkeletons, noun: 'people',
    empty: () => emptyState('people', 'Nobody yet', `This list of @${handle} is empty.`),
  });
  return {
    title: `${LABELS[list]} · @${handle}`,
    element: h('div', {},
      pageHead(`@${handle}`),
      tabs(`People of @${handle}`, Object.entries(LABELS).map(([name, label]) => [`/@${handle}/${name}`, label]), `/@${handle}/${list}`),
      people.element),
  };
}
