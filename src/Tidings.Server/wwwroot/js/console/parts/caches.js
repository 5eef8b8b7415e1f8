import { h, replace } from '../../dom.js';
import { bytes, count, percent } from '../../figures.js';
import { gauge } from '../../drawing/gauge.js';

// How full what has a limit is.

const NAMES = { posts: 'Posts, ready to be sent', sessions: 'Callers', bodies: 'Texts of posts', people: 'People' };

/** What fills up: {name, used, of, text, hits}. */
const rows = ({ memory, caches }) => [
  {
    name: 'Inboxes, timelines, seen', used: memory.inbox_bytes + memory.timeline_bytes + memory.seen_bytes, of: memory.inbox_limit_bytes, text: bytes,
    more: `${count(memory.inboxes)} inboxes, ${count(memory.inbox_entries)} entries`,
  },
  { name: 'Headers of posts', used: memory.hot_posts, of: memory.hot_posts_max, text: count, more: '' },
  { name: 'Snapshots', used: memory.snapshot_bytes, of: memory.snapshot_limit_bytes, text: bytes, more: '' },
  ...caches.map(cache => ({ name: NAMES[cache.name] ?? cache.name, used: cache.entries, of: cache.entries_max, text: count, more: null, cache: cache.name })),
];

/** The share of what was looked for and was there, over all that is shown. */
function hits(samples, name) {
  let found = 0, asked = 0;
  for (const sample of samples) {
    const cache = sample.caches.find(one => one.name === name);
    found += cache?.hits ?? 0;
    asked += (cache?.hits ?? 0) + (cache?.misses ?? 0);
  }
  return asked === 0 ? null : found / asked;
}

export function capacities() {
  const body = h('tbody');
  return {
    element: h('div', { class: 'card table-card' }, h('table', { class: 'table' },
      h('caption', { class: 'unseen' }, 'How full what has a limit is'),
      h('thead', {}, h('tr', {}, ['What', 'Full', 'In it', 'Room for', ''].map((title, i) => h('th', { scope: 'col', class: i === 2 || i === 3 ? 'number' : null }, title || h('span', { class: 'unseen' }, 'More'))))),
      body)),
    show(samples) {
      const last = samples.at(-1);
      if (!last) return;
      replace(body, rows(last).map(row => h('tr', {},
        h('th', { scope: 'row' }, row.name), h('td', { class: 'gauge-cell' }, gauge(row.used / row.of, row.name)),
        h('td', { class: 'number' }, row.text(row.used)), h('td', { class: 'number quiet' }, row.text(row.of)),
        h('td', { class: 'quiet' }, row.cache ? `${percent(hits(samples, row.cache))} found in 15 minutes` : row.more))));
    },
  };
}
