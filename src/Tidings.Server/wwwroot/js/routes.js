import { session } from './session.js';
import { audienceView } from './views/audience.js';
import { audiencesView } from './views/audiences.js';
import { doorView } from './views/door.js';
import { feedView } from './views/feed.js';
import { lostView } from './views/lost.js';
import { notificationsView } from './views/notifications.js';
import { peopleView } from './views/people.js';
import { peopleOfView } from './views/people-of.js';
import { postView } from './views/post.js';
import { profileView } from './views/profile.js';
import { settingsView } from './views/settings.js';

/** The page's addresses, as the server knows them too (Web/WebApp.cs), and what each shows. */
const ROUTES = [
  [/^\/$/, () => feedView('ranked')],
  [/^\/latest$/, () => feedView('latest')],
  [/^\/@([a-z0-9_]+)$/, handle => profileView(handle)],
  [/^\/@([a-z0-9_]+)\/(followers|following|friends)$/, (handle, list) => peopleOfView(handle, list)],
  [/^\/posts\/(\d+)$/, id => postView(id)],
  [/^\/notifications$/, () => notificationsView()],
  [/^\/people$/, () => peopleView('find')],
  [/^\/people\/(requests|close-friends|mutes|blocks)$/, list => peopleView(list)],
  [/^\/audiences$/, () => audiencesView()],
  [/^\/audiences\/(\d+)$/, id => audienceView(id)],
  [/^\/settings$/, () => settingsView()],
];

const DOORS = { '/sign-in': 'sign-in', '/join': 'join' };

/** The door that an address is, if it is one: what is shown to those who aren't signed in. */
export const doorOf = path => DOORS[path] ?? null;

/** Whether there is a page, be it for those who are signed in. */
export const isKnown = path => doorOf(path) !== null || ROUTES.some(([pattern]) => pattern.test(path));

export function viewOf(path) {
  if (doorOf(path)) return doorView(doorOf(path));
  for (const [pattern, make] of ROUTES) {
    const match = pattern.exec(path);
    if (match) return make(...match.slice(1));
  }
  return lostView('There is no such page', 'The address may be mistyped.', { alone: !session.token });
}
