import { h, replace } from '../dom.js';
import { api } from '../api.js';
import { icon } from '../drawing/icons.js';
import { facts } from '../state.js';
import { openDialog } from './dialog.js';

// Why a post stands where it stands: the server's own figures, drawn.

const WORDS = {
  p_like: 'Chance that you like it', p_comment: 'Chance that you comment', p_share: 'Chance that you share', p_hide: 'Chance that you hide it',
  like: 'like it', comment: 'comment', share: 'share it', hide: 'hide it',
  base_score: 'First score', age_hours: 'Age, hours', author_affinity: 'How close its author is to you', affinity: 'How close its author is to you',
  engagement_rate: 'How much people react to it', session_depth: 'Posts read in this visit', hour_of_day: 'Hour of the day', close_friend: 'Close friend',
};

const named = name => WORDS[name] ?? name.replaceAll('_', ' ').replace(/^./, first => first.toUpperCase());

const figure = new Intl.NumberFormat('en', { maximumSignificantDigits: 3 });
const percent = new Intl.NumberFormat('en', { style: 'percent', maximumSignificantDigits: 2 });

/** The button under a post; none where the server doesn't explain. */
export function whyParts(post) {
  if (facts.get('why') === false) return null;
  return h('button', {
    type: 'button', class: 'action action-why', data: { name: 'why' }, 'aria-label': 'Why this post', title: 'Why this post', on: { click: () => showWhy(post) },
  }, icon('why'));
}

function showWhy(post) {
  const content = h('div', { class: 'why' }, h('p', { class: 'quiet' }, 'Asking the server…'));
  openDialog('Why this post', content, { kind: 'sheet' });
  api.why(post.id).then(why => replace(content, drawn(post, why)), problem => {
    if (problem.isUnknownRoute) facts.put('why', false);
    replace(content, h('p', { class: 'form-problem' }, problem.isUnknownRoute ? 'This server doesn’t explain its feed.' : problem.message));
  });
}

function drawn(post, why) {
  return [
    h('p', { class: 'why-lead' }, lead(post, why)),
    why.terms?.length > 0 && bars('What made its score', why.terms.map(term => [named(term.name), term.value, figure.format(term.value)])),
    why.heads && bars('What you may do, by the model', Object.entries(why.heads).map(([name, value]) => [`You ${named(name)}`, value, percent.format(value)]), 1),
    why.features && h('details', { class: 'why-features' }, h('summary', {}, 'Everything that was looked at'),
      h('table', {}, h('tbody', {}, Object.entries(why.features).map(([name, value]) =>
        h('tr', {}, h('th', { scope: 'row' }, named(name)), h('td', {}, typeof value === 'number' ? figure.format(value) : String(value))))))),
  ];
}

function lead(post, why) {
  if (!why.shown) {
    return why.rule ? `It is not in your feed: ${named(why.rule).toLowerCase()}.` : `It is not in your feed: it dropped out at “${named(why.stage ?? 'the start').toLowerCase()}”.`;
  }
  const place = why.rank !== undefined && why.rank !== null ? h('strong', {}, `Number ${why.rank} in your feed`) : h('strong', {}, 'In your feed');
  const score = why.score !== undefined && why.score !== null ? [', with a score of ', h('strong', {}, figure.format(why.score))] : null;
  return [place, score, `. It is by ${post.author.name}.`];
}

/** Bars from a line of zero: what lowers the score goes to the left. */
function bars(title, rows, max = null) {
  const most = max ?? Math.max(...rows.map(([, value]) => Math.abs(value)), Number.EPSILON);
  return h('section', { class: 'bars' }, h('h3', {}, title), h('dl', {}, rows.map(([name, value, text]) => h('div', { class: 'bar-row' },
    h('dt', {}, name), h('dd', {}, h('span', { class: value < 0 ? 'bar bar-less' : 'bar', vars: { share: Math.min(1, Math.abs(value) / most) } }),
      h('span', { class: 'bar-value' }, text))))));
}
