import { h, replace } from '../../dom.js';
import { gauge } from '../../drawing/gauge.js';
import { amount, count, percent, seconds } from '../../figures.js';
import { emptyState, problemState } from '../../parts/states.js';
import { api } from '../api.js';
import { personLink } from '../parts/person.js';
import { poll } from '../parts/poll.js';

const SHOWN_MAX = 50, EVERY_MS = 5_000;

const MODES = { push: 'pushed', pull: 'pulled', draining: 'pulled, soon pushed' };

const COLUMNS = [['Author', ''], ['Followers', 'number'], ['Their posts are', ''], ['Posts a minute', 'number'], ['Deliveries a minute', 'number'], ['Of all deliveries', '']];

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
    replace(content, h('table', { class: 'table' },
      h('caption', { class: 'unseen' }, 'Authors, the costliest first'),
      h('thead', {}, h('tr', {}, COLUMNS.map(([title, kind]) => h('th', { scope: 'col', class: kind || null }, title)))),
      h('tbody', {}, items.map(row))));
    if (focused) content.querySelector(`a[href="${focused}"]`)?.focus({ preventScroll: true });
  }
}

function row({ author, followers, mode, posts_per_minute: posts, deliveries_per_minute: deliveries, too_high_by_at_most: doubt, share }) {
  return h('tr', {},
    h('th', { scope: 'row' }, personLink(author)),
    h('td', { class: 'number' }, count(followers)), h('td', {}, MODES[mode] ?? mode), h('td', { class: 'number' }, amount(posts)),
    h('td', { class: 'number' }, amount(deliveries), doubt >= 0.005 * deliveries && h('span', { class: 'quiet' }, ` or up to ${amount(doubt)} less`)),
    h('td', { class: 'gauge-cell' }, gauge(share, `Share of ${author.name}`), h('span', { class: 'gauge-text' }, percent(share))));
}
