import { api } from '../api.js';
import { live } from '../live.js';

// Which posts are on screen: their counters are kept fresh, and those looked at for a while are told to the server as seen, so that it moves them
// down next time.

const SEEN_AFTER_MS = 1_000, TELL_EVERY_MS = 10_000, TOLD_MAX = 100;

const since = new Map();
const seen = new Map();
let told = true;

const observer = new IntersectionObserver(entries => {
  for (const { target, isIntersecting } of entries) {
    const id = target.dataset.post;
    if (isIntersecting) since.set(id, performance.now());
    else {
      note(id);
      since.delete(id);
    }
  }
  live.watch([...since.keys()]);
}, { threshold: 0.5 });

export const onScreen = {
  add: card => observer.observe(card),
  remove(card) {
    observer.unobserve(card);
    note(card.dataset.post);
    since.delete(card.dataset.post);
  },
};

function note(id) {
  const dwell = since.has(id) ? performance.now() - since.get(id) : 0;
  if (dwell >= SEEN_AFTER_MS) seen.set(id, Math.round((seen.get(id) ?? 0) + dwell));
}

async function tell() {
  const items = [...seen].slice(0, TOLD_MAX).map(([post, dwell_ms]) => ({ post, dwell_ms }));
  if (items.length === 0) return;
  for (const { post } of items) seen.delete(post);
  try {
    await api.seen(items);
  } catch (problem) {
    // A server that doesn't take them isn't asked again; any other failure costs no more than these posts staying unseen.
    if (problem.isUnknownRoute) told = false;
  }
}

setInterval(() => told && tell(), TELL_EVERY_MS);
