import { api } from '../api.js';
import { live } from '../live.js';
import { session } from '../session.js';

// Which posts are on screen: their counters are kept fresh, and those looked at for a second are told to the server as seen, once each, so that it
// moves them down next time. Nobody looks at a page behind another tab.

const SEEN_AFTER_MS = 1_000, DWELL_MAX_MS = 600_000, TELL_EVERY_MS = 5_000, TOLD_MAX = 100;

/** The posts on screen, and since when each is looked at; null while nobody looks. */
const since = new Map();

/** What is yet to be told, and what was. */
const waiting = new Map(), told = new Set();

const observer = new IntersectionObserver(entries => {
  for (const { target, isIntersecting } of entries) {
    if (isIntersecting) since.set(target.dataset.post, now());
    else leave(target.dataset.post);
  }
  live.watch([...since.keys()]);
}, { threshold: 0.5 });

export const onScreen = {
  add: card => observer.observe(card),
  remove(card) {
    observer.unobserve(card);
    leave(card.dataset.post);
  },
};

const now = () => document.hidden ? null : performance.now();

function leave(id) {
  note(id);
  since.delete(id);
}

function note(id) {
  const begun = since.get(id) ?? null;
  const dwell = begun === null ? 0 : performance.now() - begun;
  if (dwell < SEEN_AFTER_MS || told.has(id)) return;
  told.add(id);
  waiting.set(id, Math.round(Math.min(dwell, DWELL_MAX_MS)));
}

async function tell() {
  if (!session.token) return;
  for (const id of since.keys()) note(id);
  const items = [...waiting].slice(0, TOLD_MAX).map(([post, dwell_ms]) => ({ post, dwell_ms }));
  if (items.length === 0) return;
  for (const { post } of items) waiting.delete(post);
  // What doesn't get through costs no more than that these posts count as unseen.
  await api.seen(items).catch(() => {});
}

setInterval(tell, TELL_EVERY_MS);

document.addEventListener('visibilitychange', () => {
  if (document.hidden) tell();
  for (const id of since.keys()) since.set(id, now());
});

session.addEventListener('change', () => {
  waiting.clear();
  told.clear();
});
