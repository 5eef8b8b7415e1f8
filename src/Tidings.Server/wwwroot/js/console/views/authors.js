import { h, replace } from '../../dom.js';
import { gauge } from '../../drawing/gauge.js';
import { amount, count, percent, seconds } from '../../figures.js';
import { emptyState, problemState } from '../../parts/states.js';
import { api } from '../api.js';
import { personLink } from '../parts/person.js';
import { poll } from '../parts/poll.js';
import { table } from '../parts/table.js';

const SHOWN_MAX = 30, EVERY_MS = 5_000;

/** A doubt of less than half a percent isn't worth its words. */
const DOUBT_MIN = 0.005;

const MODES = { push: 'pushed', pull: 'pulled', draining: 'pulled, soon pushed' };

const COLUMNS = [
  ['Author', ''], ['Followers', 'number'], ['Their posts are', ''], ['Posts a minute', 'number'], ['Deliveries a minute', 'number'], ['Of all deliveries', 'gauge-cell'],
];

/** Whose posts cost most to bring to their readers. */
export function authorsView() {
  const content = h('div', { class: 'card table-card' });
  const note = h('p', { class: 'quiet about' });
  const asking = poll(load, EVERY_MS);
  return {
    element: h('div', {}, h('div', { class: 'view-head' }, h('h1', {}, 'Authors by what they cost'), note), content),
    shown: asking.begin,
    hidden: asking.end,
  };

  async function load() {
    try {
      draw(await api.authorCosts(SHOWN_MAX));
    } catch (problem) {
      if (content.childElementCount === 0) replace(content, problemState(problem, asking.now));
    }
  }

  function draw({ half_life_seconds: halfLife, deliveries_per_minute: all, items }) {
    note.textContent = `${amount(all)} deliveries a minute in all. What is ${seconds(halfLife)} old counts half.`;
    if (items.length === 0) {
      replace(content, emptyState('people', 'Nobody has posted lately', 'Whoever posts next stands here.'));
      return;
    }
    // Whoever stands on a name still stands on it.
    const focused = content.contains(document.activeElement) ? document.activeElement.getAttribute('href') : null;
    replace(content, table({ caption: 'Authors, the costliest first', columns: COLUMNS, rows: items.map(row) }));
    if (focused) content.querySelector(`a[href="${focused}"]`)?.focus({ preventScroll: true });
  }
}

function row({ author, followers, mode, posts_per_minute: posts, deliveries_per_minute: deliveries, too_high_by_at_most: doubt, share }) {
  return [
    personLink(author), count(followers), MODES[mode] ?? mode, amount(posts),
    [amount(deliveries), doubt >= DOUBT_MIN * deliveries && h('span', { class: 'quiet' }, ` or up to ${amount(doubt)} less`)],
    gauge(share, `Share of ${author.name}`, percent(share)),
  ];
}
