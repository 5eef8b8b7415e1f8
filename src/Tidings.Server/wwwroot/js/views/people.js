import { h } from '../dom.js';
import { api } from '../api.js';
import { setTie } from '../engage.js';
import { endless } from '../parts/endless.js';
import { findPerson } from '../parts/find-person.js';
import { followButton, friendPart, personRow } from '../parts/person.js';
import { emptyState, rowSkeletons } from '../parts/states.js';
import { suggestions } from '../parts/suggestions.js';
import { pageHead, tabs } from '../parts/tabs.js';
import { watching } from '../parts/watching.js';
import { ties } from '../state.js';

const TABS = [
  ['/people', 'Find'], ['/people/requests', 'Requests'], ['/people/close-friends', 'Close friends'], ['/people/mutes', 'Muted'], ['/people/blocks', 'Blocked'],
  ['/audiences', 'Lists'],
];

const EMPTY = {
  'close-friends': ['star', 'No close friends yet', 'Make a friend a close one on their page.'],
  mutes: ['mute', 'Nobody is muted', 'Those whom you mute keep out of your feed, and never learn of it.'],
  blocks: ['block', 'Nobody is blocked', 'You and those whom you block see nothing of each other.'],
};

const TITLES = { find: 'People', requests: 'Requests', 'close-friends': 'Close friends', mutes: 'Muted', blocks: 'Blocked' };

export const peopleTabs = current => tabs('People', TABS, current);

/** People to find, and those with whom something is between you. @param list find, requests, close-friends, mutes or blocks */
export function peopleView(list) {
  return {
    title: TITLES[list],
    element: h('div', { class: 'people' }, pageHead(TITLES[list]), peopleTabs(list === 'find' ? '/people' : `/people/${list}`), content(list)),
  };
}

function content(list) {
  if (list === 'find') return h('div', { class: 'pad' }, findPerson(person => personRow(person, followButton(person)), 'Find people by handle'), suggestions());
  if (list === 'requests') return [requests('Asking you', 'received'), requests('Asked by you', 'sent')];
  const [icon, title, text] = EMPTY[list];
  return rows(cursor => api.myPeople(list, cursor), person => undo(person, list), () => emptyState(icon, title, text));
}

function requests(title, side) {
  return h('section', { class: 'people-part' }, h('h2', {}, title),
    rows(cursor => api.myPeople(`requests/${side}`, cursor), person => {
      ties.put(person.id, { ...ties.get(person.id), request_received: side === 'received', request_sent: side === 'sent' });
      return watching(ties, person.id, tie => h('div', { class: 'button-row' }, friendPart(person, tie)));
    }, () => h('p', { class: 'quiet pad' }, 'None.')));
}

function rows(load, more, empty) {
  return endless(load, person => personRow(person, more(person)), {
    list: h('div', { class: 'person-list' }), skeleton: () => rowSkeletons(3), noun: 'people', empty,
  }).element;
}

/** A button that ends what the list is about, and does it again. */
function undo(person, list) {
  const flag = { 'close-friends': 'close_friend', mutes: 'mutes', blocks: 'blocks' }[list];
  const [end, begin] = { 'close-friends': ['Remove', 'Add again'], mutes: ['Unmute', 'Mute again'], blocks: ['Unblock', 'Block again'] }[list];
  ties.put(person.id, { ...ties.get(person.id), [flag]: true });
  return watching(ties, person.id, tie => h('button', {
    type: 'button', class: 'button', data: { name: 'undo' }, on: { click: () => setTie(person, list, !tie[flag]) },
  }, tie?.[flag] ? end : begin, h('span', { class: 'unseen' }, ` ${person.name}`)));
}
