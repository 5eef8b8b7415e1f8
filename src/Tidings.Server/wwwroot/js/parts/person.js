import { h } from '../dom.js';
import { avatar } from '../drawing/avatar.js';
import { setTie } from '../engage.js';
import { api } from '../api.js';
import { session } from '../session.js';
import { ties } from '../state.js';
import { watching } from './watching.js';

export const pathOf = person => `/@${person.handle}`;

/** Avatar and name, both one link. `more` stands at the end of the row. */
export function personRow(person, more = null) {
  return h('div', { class: 'person-row', data: { person: person.id } },
    h('a', { class: 'person-row-link', href: pathOf(person) },
      avatar(person),
      h('span', { class: 'person-row-names' }, h('strong', {}, person.name), h('span', { class: 'handle' }, `@${person.handle}`))),
    more && h('div', { class: 'person-row-more' }, more));
}

/** Follow or unfollow. Lists tell what is between the two; elsewhere it is asked for where it isn't known. */
export function followButton(person) {
  if (person.id === session.personId) return null;
  if (person.tie) ties.put(person.id, person.tie);
  else if (!ties.get(person.id)) api.person(person.id).then(known => ties.put(person.id, known.tie), () => {});
  return watching(ties, person.id, tie => followPart(person, tie));
}

/** A list has many such buttons: screen readers hear whose each is. */
const whom = person => h('span', { class: 'unseen' }, ` ${person.name}`);

export function followPart(person, tie) {
  if (!tie) return h('button', { type: 'button', class: 'button', disabled: true }, 'Follow');
  if (tie.blocks) return null;
  return tie.follows
    ? h('button', {
      type: 'button', class: 'button button-on', data: { name: 'follow', over: 'Unfollow' }, 'aria-pressed': 'true',
      on: { click: () => setTie(person, 'following', false) },
    }, 'Following', whom(person))
    : h('button', {
      type: 'button', class: 'button button-strong', data: { name: 'follow' }, 'aria-pressed': 'false',
      on: { click: () => setTie(person, 'following', true) },
    }, tie.followed_by ? 'Follow back' : 'Follow', whom(person));
}

/** Ask to be friends, accept, decline, take back, or that you are. */
export function friendPart(person, tie) {
  if (!tie || tie.blocks) return null;
  if (tie.request_received) {
    return [
      h('button', { type: 'button', class: 'button button-strong', data: { name: 'friend' }, on: { click: () => setTie(person, 'friends', true, `You and ${person.name} are friends.`) } }, 'Accept', whom(person)),
      h('button', { type: 'button', class: 'button', data: { name: 'decline' }, on: { click: () => setTie(person, 'friends', false) } }, 'Decline', whom(person)),
    ];
  }
  if (tie.friend) return h('span', { class: 'badge' }, tie.close_friend ? 'Close friend' : 'Friend');
  return tie.request_sent
    ? h('button', { type: 'button', class: 'button', data: { name: 'friend' }, on: { click: () => setTie(person, 'friends', false) } }, 'Take request back')
    : h('button', { type: 'button', class: 'button', data: { name: 'friend' }, on: { click: () => setTie(person, 'friends', true, 'Asked.') } }, 'Add friend');
}
