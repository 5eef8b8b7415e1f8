import { h } from '../dom.js';
import { api } from '../api.js';
import { avatar } from '../drawing/avatar.js';
import { icon } from '../drawing/icons.js';
import { live } from '../live.js';
import { endless } from '../parts/endless.js';
import { pathOf } from '../parts/person.js';
import { emptyState, rowSkeletons } from '../parts/states.js';
import { pageHead } from '../parts/tabs.js';
import { facts } from '../state.js';
import { timeAgo } from '../time.js';

const KINDS = {
  follow: ['person', 'followed you'], friend_request: ['people', 'would like to be friends'], friend: ['people', 'and you are friends now'],
  like: ['heart', 'liked your post'], comment: ['comment', 'commented on your post'], share: ['share', 'shared your post'], mention: ['at', 'mentioned you'],
};

/** Further down than this, something new at the top would move what is being read. */
const TOP_PX = 200;

/** What others did that concerns the reader. Looking at it reads it. */
export function notificationsView() {
  const list = h('ol', { class: 'notes' });
  const pages = endless(cursor => api.notifications(cursor), note, {
    list, skeleton: rowSkeletons, noun: 'notifications', onPage: read,
    empty: () => emptyState('bell', 'All quiet', 'When someone follows you, or likes and answers what you post, it says so here.'),
  });
  let isOld = false;
  return {
    title: 'Notifications',
    element: h('div', {}, pageHead('Notifications'), pages.element),
    shown() {
      listen(true);
      if (isOld) look();
    },
    hidden() {
      listen(false);
      isOld = true;
    },
  };

  function listen(on) {
    const change = on ? 'addEventListener' : 'removeEventListener';
    live[change]('notification', happened);
    live[change]('gap', happened);
    document[change]('visibilitychange', look);
    window[change]('scroll', look);
  }

  /** The reader's own reading is told like everything else, and is no news. */
  function happened({ detail }) {
    if (detail?.unread === 0) return;
    isOld = true;
    look();
  }

  /** What comes while one looks is shown at once, where someone is there to read it and nothing they read would move. */
  function look() {
    if (!isOld || document.hidden || scrollY > TOP_PX || list.contains(document.activeElement)) return;
    isOld = false;
    pages.again();
  }
}

async function read(page, number) {
  const newest = page.items[0];
  if (number > 1 || !newest?.unread) return;
  try {
    facts.put('unread', (await api.markRead(newest.id)).unread);
  } catch {
    // They stay unread, and the bell goes on saying so.
  }
}

function note(item) {
  const [drawing, what] = KINDS[item.kind] ?? ['bell', item.kind];
  const target = item.post ? `/posts/${item.post}` : item.kind === 'friend_request' ? '/people/requests' : pathOf(item.people[0]);
  return h('li', { class: item.unread ? 'note note-unread' : 'note' },
    h('span', { class: `note-mark note-${item.kind}` }, icon(drawing)),
    h('div', { class: 'note-words' },
      h('div', { class: 'note-faces', 'aria-hidden': 'true' }, item.people.map(person => avatar(person, 's'))),
      h('p', {}, names(item), ' ', h('a', { href: target }, what), ' ', h('span', { class: 'quiet' }, timeAgo(item.at)),
        item.unread && h('span', { class: 'unseen' }, ' (new)')),
      item.excerpt && h('p', { class: 'note-excerpt' }, item.excerpt)));
}

/** A, B and 12 others. */
function names({ people, others }) {
  const links = people.slice(0, others > 0 || people.length > 2 ? 2 : people.length).map(person => h('a', { href: pathOf(person) }, h('strong', {}, person.name)));
  const rest = others + people.length - links.length;
  if (rest > 0) return [links.flatMap((link, i) => i === 0 ? [link] : [', ', link]), ` and ${rest} ${rest === 1 ? 'other' : 'others'}`];
  return links.flatMap((link, i) => i === 0 ? [link] : [' and ', link]);
}
