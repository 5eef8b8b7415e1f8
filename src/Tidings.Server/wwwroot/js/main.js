import { api } from './api.js';
import { replace } from './dom.js';
import { frame } from './frame.js';
import { listen } from './keyboard.js';
import { live } from './live.js';
import { compose } from './parts/composer.js';
import { forgetViews, redirect, start, takeWanted } from './router.js';
import { session } from './session.js';
import { facts, forgetAll, posts } from './state.js';
import './theme.js';

const app = document.getElementById('app');
let around = null, shown = null;

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

/** Who the reader is comes first: much of the page shows it. */
async function enter() {
  if (!session.token) return;
  try {
    facts.put('me', await api.me());
  } catch {
    // Without an answer the page begins anyway: each part says what it lacks, and offers to try again.
  }
  countUnread();
  live.start();
}

function countUnread() {
  api.unread().then(({ unread }) => facts.put('unread', unread), () => {});
}

session.addEventListener('change', async () => {
  live.stop();
  forgetAll();
  forgetViews();
  around = null;
  await enter();
  redirect(session.token ? takeWanted() : session.wasCut ? location.pathname : '/sign-in');
});

live.addEventListener('counters', ({ detail: { post, likes, comments, shares } }) => posts.patch(post, { counts: { likes, comments, shares } }));
live.addEventListener('gone', ({ detail: { post } }) => posts.drop(post));
live.addEventListener('edited', ({ detail: { post } }) => posts.get(post) && api.post(post).then(now => posts.patch(post, now), () => {}));
live.addEventListener('gap', countUnread);
live.addEventListener('notification', ({ detail: { unread } }) => facts.put('unread', unread));

listen({ write: () => session.token && compose(), showNew: () => shown?.showNew?.() });
await enter();
start(mount);
