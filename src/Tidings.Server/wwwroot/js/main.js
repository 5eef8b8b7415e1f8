import { api } from './api.js';
import { replace } from './dom.js';
import { frame } from './frame.js';
import { reach } from './http.js';
import { listen } from './keyboard.js';
import { live } from './live.js';
import { compose } from './parts/composer.js';
import { forgetViews, redirect, start, takeWanted } from './router.js';
import * as routes from './routes.js';
import { session } from './session.js';
import { facts, forgetAll, posts } from './state.js';
import './theme.js';

const app = document.getElementById('app');
let around = null, shown = null, asking = null;

/** Puts a view on the page: doors stand alone, all else within the frame. */
function mount(view) {
  shown = view;
  if (view.isDoor) {
    around = null;
    replace(app, view.element);
    return;
  }
  if (!around) {
    around = frame();
    replace(app, around.element);
  }
  around.show(view);
}

/** Nothing waits for who the reader is: what shows it fills in when it is known. */
function enter() {
  if (!session.token) return;
  learnMe();
  countUnread();
  live.start();
}

async function learnMe() {
  const token = asking = session.token;
  try {
    const me = await api.me();
    if (token === session.token) facts.put('me', me);
  } catch {
    // The next answer to anything asks again.
  } finally {
    if (asking === token) asking = null;
  }
}

reach.addEventListener('reach', ({ detail: isReached }) => {
  if (isReached && session.token && asking === null && !facts.get('me')) learnMe();
});

function countUnread() {
  api.unread().then(({ unread }) => facts.put('unread', unread), () => {});
}

session.addEventListener('change', () => {
  live.stop();
  forgetAll();
  forgetViews();
  around = null;
  enter();
  redirect(session.token ? takeWanted() : session.wasCut ? location.pathname : '/sign-in');
});

live.addEventListener('counters', ({ detail: { post, likes, comments, shares } }) => posts.patch(post, { counts: { likes, comments, shares } }));
live.addEventListener('gone', ({ detail: { post } }) => posts.drop(post));
live.addEventListener('edited', ({ detail: { post } }) => posts.get(post) && api.post(post).then(now => posts.patch(post, now), () => {}));
live.addEventListener('gap', countUnread);
live.addEventListener('notification', ({ detail: { unread } }) => facts.put('unread', unread));

listen({ write: () => session.token && compose(), showNew: () => shown?.showNew?.() });
enter();
start(routes, mount);
