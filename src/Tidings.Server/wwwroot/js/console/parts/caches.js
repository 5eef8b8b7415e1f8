import { h, replace } from '../../dom.js';
import { bytes, count, percent } from '../../figures.js';
import { gauge } from '../../drawing/gauge.js';
import { table } from './table.js';

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

const COLUMNS = [['What', ''], ['Full', 'gauge-cell'], ['In it', 'number'], ['Room for', 'number quiet'], ['', 'quiet whole', 'More']];

export function capacities() {
  const element = h('div', { class: 'card table-card' });
  return {
    element,
    show(samples) {
      const last = samples.at(-1);
      if (!last) return;
      replace(element, table({
        caption: 'How full what has a limit is', columns: COLUMNS,
        rows: rows(last).map(row => [
          row.name, gauge(row.used / row.of, row.name), row.text(row.used), row.text(row.of), row.cache ? hitsOf(samples, row.cache) : row.more,
        ]),
      }));
    },
  };
}

function hitsOf(samples, cache) {
  const share = hits(samples, cache);
  return share === null ? '' : `${percent(share)} found, of what was looked for`;
}
