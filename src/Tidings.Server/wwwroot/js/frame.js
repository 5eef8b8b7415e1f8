import { h, replace } from './dom.js';
import { avatar } from './drawing/avatar.js';
import { icon } from './drawing/icons.js';
import { wordmark } from './drawing/wordmark.js';
import { reach } from './http.js';
import { compose } from './parts/composer.js';
import { findPerson } from './parts/find-person.js';
import { followButton, personRow } from './parts/person.js';
import { suggestions } from './parts/suggestions.js';
import { themeButton } from './parts/theme-button.js';
import { watching } from './parts/watching.js';
import { facts } from './state.js';

/** What stands around every page of someone who is signed in. */
export function frame() {
  const main = h('main', { id: 'main', class: 'main', tabindex: -1 });
  const links = h('nav', { class: 'nav', 'aria-label': 'Main' });
  drawLinks(links);
  const element = h('div', { class: 'frame' },
    h('a', { class: 'skip', href: '#main', on: { click: event => { event.preventDefault(); main.focus(); } } }, 'Skip to the content'),
    h('header', { class: 'side' },
      h('a', { class: 'side-mark', href: '/', 'aria-label': 'Tidings, to the feed' }, wordmark()),
      links,
      h('button', { type: 'button', class: 'button button-strong side-write', on: { click: () => compose() } }, icon('pen'), h('span', {}, 'Write')),
      themeButton()),
    h('div', { class: 'middle' }, offlineNotice(), main),
    h('aside', { class: 'aside', 'aria-label': 'Find people' },
      findPerson(person => personRow(person, followButton(person))), suggestions(),
      h('p', { class: 'aside-foot' }, 'Press ', h('kbd', {}, '?'), ' for keys.')));
  return {
    element,
    show(view) {
      replace(main, view.element);
      links.querySelectorAll('a').forEach(mark);
    },
  };
}

/** A link knows whether it leads to where one is. */
function mark(link) {
  if (isWithin(location.pathname, link.getAttribute('href'))) link.setAttribute('aria-current', 'page');
  else link.removeAttribute('aria-current');
  return link;
}

const isWithin = (path, href) => href === '/' ? path === '/' || path === '/latest' : path === href || path.startsWith(`${href}/`);

function drawLinks(links) {
  const link = (path, drawing, label, place = '') => mark(h('a', { href: path, class: `nav-link ${place}` }, drawing, h('span', { class: 'nav-label' }, label)));
  const bell = watching(facts, 'unread', unread =>
    link('/notifications', [icon('bell'), unread > 0 && h('span', { class: 'nav-count', 'aria-label': `${unread} new` }, unread > 99 ? '99+' : String(unread))], 'Notifications'));
  const mine = watching(facts, 'me', person => person && link(`/@${person.handle}`, avatar(person, 'xs'), 'You'));
  replace(links, link('/', icon('feed'), 'Feed'), bell, link('/people', icon('people'), 'People'),
    link('/audiences', icon('lists'), 'Lists', 'not-on-phones'), mine, link('/settings', icon('gear'), 'Settings', 'not-on-phones'));
}

/** Says so while the server can't be reached. */
function offlineNotice() {
  const notice = h('div', { class: 'offline', role: 'status', hidden: true });
  const tell = isReached => {
    notice.hidden = isReached;
    replace(notice, isReached ? null : [icon('offline'), 'No connection to the server. What you see may be old; it goes on when it is back.']);
  };
  reach.addEventListener('reach', event => tell(event.detail));
  addEventListener('offline', () => tell(false));
  addEventListener('online', () => tell(true));
  return notice;
}
