import { showHelp } from './parts/help.js';

// Single keys, for those who read much. They can be switched off in the settings, and never act while someone types or a dialog is open.

const OFF = 'tidings.no-keys';

export const KEYS = [
  ['j', 'Next post'], ['k', 'Previous post'], ['l', 'Like, or take the like back'], ['c', 'Comment'], ['s', 'Share'],
  ['o', 'Open the post'], ['.', 'Show new posts'], ['n', 'Write a post'], ['?', 'This help'],
];

const ON_POST = { l: 'like', c: 'comment', s: 'share', o: 'open' };

export const keys = {
  get areOn() { return localStorage.getItem(OFF) === null; },
  set(on) {
    if (on) localStorage.removeItem(OFF);
    else localStorage.setItem(OFF, '1');
  },
};

export function listen({ write, showNew }) {
  document.addEventListener('keydown', event => {
    if (!keys.areOn || event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || isBusy(event.target)) return;
    const act = { j: () => step(1), k: () => step(-1), '.': showNew, n: write, '?': () => showHelp(KEYS) }[event.key];
    if (act) {
      event.preventDefault();
      act();
    } else if (ON_POST[event.key]) {
      const post = currentPost();
      if (post) {
        event.preventDefault();
        post.act(ON_POST[event.key]);
      }
    }
  });
}

/** Whoever stood in a dialog that has just closed stands nowhere: the browser moves the focus a moment later. */
const isBusy = target => target.closest?.('input, textarea, select, [contenteditable], dialog, [role=menu]') !== null && !target.closest?.('dialog:not([open])');

const shownPosts = () => [...document.querySelectorAll('post-card')].filter(card => !card.hidden);

const currentPost = () => document.activeElement?.closest('post-card') ?? null;

/** From the post that has the focus, or else from the first on screen. */
function step(by) {
  const cards = shownPosts();
  const at = cards.indexOf(currentPost());
  const onScreen = cards.findIndex(card => card.getBoundingClientRect().bottom > 120);
  const next = cards[at >= 0 ? at + by : Math.max(0, onScreen)];
  next?.focus({ preventScroll: true });
  next?.scrollIntoView({ block: 'nearest' });
}
