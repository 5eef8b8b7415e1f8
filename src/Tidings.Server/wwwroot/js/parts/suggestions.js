import { h, replace } from '../dom.js';
import { api } from '../api.js';
import { session } from '../session.js';
import { followButton, personRow } from './person.js';

// Whom one may want to follow: those who follow one, and those whom the people one follows follow, most often first. A new person gets those of
// the demo, if this is one.

const KNOWN_MAX = 100, ASKED_MAX = 6, EACH_MAX = 30, SHOWN_MAX = 4;

export function suggestions() {
  const section = h('section', { class: 'suggestions', hidden: true });
  suggested().then(people => {
    if (people.length === 0) return;
    section.hidden = false;
    replace(section, h('h2', {}, 'People you may know'), h('div', { class: 'person-list' }, people.map(person => personRow(person, followButton(person)))));
  }, () => {});
  return section;
}

async function suggested() {
  const [{ items: mine }, fans] = await Promise.all([
    api.peopleOf(session.personId, 'following', null, KNOWN_MAX), api.peopleOf(session.personId, 'followers', null, EACH_MAX)]);
  const known = new Set([session.personId, ...mine.map(person => person.id)]);
  const lists = await Promise.all(mine.slice(0, ASKED_MAX).map(person => api.peopleOf(person.id, 'following', null, EACH_MAX)));
  const votes = new Map();
  for (const person of [fans, ...lists].flatMap(list => list.items)) {
    if (!known.has(person.id)) votes.set(person.id, { person, count: (votes.get(person.id)?.count ?? 0) + 1 });
  }
  const people = votes.size > 0 || mine.length > 0
    ? [...votes.values()].sort((a, b) => b.count - a.count).map(vote => vote.person)
    : (await api.demoPeople()).items.filter(person => person.id !== session.personId);
  return people.slice(0, SHOWN_MAX);
}
