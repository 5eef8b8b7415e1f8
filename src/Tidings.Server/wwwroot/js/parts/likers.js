import { h } from '../dom.js';
import { api } from '../api.js';
import { openDialog } from './dialog.js';
import { endless } from './endless.js';
import { followButton, personRow } from './person.js';
import { emptyState, rowSkeletons } from './states.js';

export function showLikers(id) {
  const people = endless(cursor => api.likers(id, cursor), person => personRow(person, followButton(person)), {
    list: h('div', { class: 'person-list' }), skeleton: rowSkeletons, noun: 'people',
    empty: () => emptyState('heart', 'Nobody yet', 'Be the first to like it.'),
  });
  openDialog('Liked by', people.element);
}
