import { h, replace } from '../dom.js';
import { api } from '../api.js';
import { icon } from '../drawing/icons.js';
import { openDialog } from './dialog.js';

// Why a post stands where it stands: the server's own figures, drawn.

const TERMS = {
  engagement: 'What people did with it', decay: 'How fresh it is', affinity: 'How close you are to its author', type: 'What kind of post it is',
  fairness: 'That its author posts seldom', like: 'That you may like it', comment: 'That you may comment', share: 'That you may share it', hide: 'That you may hide it',
};

const HEADS = { like: 'You like it', comment: 'You comment', share: 'You share it', hide: 'You hide it' };

const RULES = {
  not_a_candidate: 'Nothing brings it to your feed: you don’t follow its author.', missing: 'It is gone.', deleted: 'It was deleted.',
  unfollowed: 'You don’t follow its author.', muted: 'You muted its author.', hidden: 'You hid it.',
  beyond_200: 'It is not among the 200 that were looked at closely.', per_author_max: 'It waits, so that no author fills a page: further down it comes.',
  seen: 'You have seen it, so what you haven’t seen stands before it.', below_the_page: 'It comes further down.',
};

const figure = new Intl.NumberFormat('en', { maximumSignificantDigits: 3 });
const percent = new Intl.NumberFormat('en', { style: 'percent', maximumSignificantDigits: 2 });

const plain = name => name.replaceAll('_', ' ').replace(/^./, first => first.toUpperCase());

/** The button under a post. */
export function whyButton(post) {
  return h('button', {
    type: 'button', class: 'action action-why', data: { name: 'why' }, title: 'Why this post', on: { click: () => showWhy(post) },
  }, icon('why'), h('span', { class: 'unseen' }, 'Why this post'));
}

function showWhy(post) {
  const content = h('div', { class: 'why' }, h('p', { class: 'quiet' }, 'Asking the server…'));
  openDialog('Why this post', content, { kind: 'sheet' });
  api.why(post.id).then(why => replace(content, drawn(post, why)), problem => replace(content, h('p', { class: 'form-problem' }, problem.message)));
}

function drawn(post, why) {
  return [
    h('p', { class: 'why-lead' }, lead(post, why)),
    why.terms.length > 0 && (why.heads ? sums(why.terms) : factors(why.terms)),
    why.heads && bars('What the model expects', 'How likely it thinks each is.',
      Object.entries(why.heads).map(([name, value]) => ({ name: HEADS[name] ?? plain(name), length: value, text: percent.format(value) }))),
    Object.keys(why.features).length > 0 && h('details', { class: 'why-features' }, h('summary', {}, 'Everything that was looked at'),
      h('table', {}, h('tbody', {}, Object.entries(why.features).map(([name, value]) =>
        h('tr', {}, h('th', { scope: 'row' }, plain(name)), h('td', {}, figure.format(value))))))),
    why.variant && h('p', { class: 'quiet' }, `Ranked by the variant “${why.variant}”.`),
  ];
}

function lead(post, why) {
  const place = why.rank === undefined ? 'It is not in your feed.' : [h('strong', {}, `Number ${why.rank}`), ' in your feed just now, with a score of ', h('strong', {}, figure.format(why.score)), '.'];
  return [place, why.rule && ` ${RULES[why.rule] ?? `${plain(why.rule)}.`}`];
}

/** After the model the score is the sum of its terms. */
function sums(terms) {
  const most = Math.max(...terms.map(term => Math.abs(term.value)), Number.EPSILON);
  return bars('What the score is made of', 'They add up to it.', terms.map(({ name, value }) => (
    { name: TERMS[name] ?? plain(name), length: Math.abs(value) / most, text: value > 0 ? `+${figure.format(value)}` : figure.format(value), less: value < 0 })));
}

/** Without a model the score is the product of its terms: drawn by how many times each doubles or halves it. */
function factors(terms) {
  const weight = value => Math.abs(Math.log2(Math.max(value, 1e-6)));
  const most = Math.max(...terms.map(term => weight(term.value)), 1);
  return bars('What the score is made of', 'Multiplied, they are the score: what raises it, and what lowers it.', terms.map(({ name, value }) => (
    { name: TERMS[name] ?? plain(name), length: weight(value) / most, text: `× ${figure.format(value)}`, less: value < 1 })));
}

/** Bars of 0 to 1 of the room there is. @param rows {name, length, text, less} */
function bars(title, note, rows) {
  return h('section', { class: 'bars' }, h('h3', {}, title), h('p', { class: 'hint' }, note),
    h('dl', {}, rows.map(({ name, length, text, less }) => h('div', { class: 'bar-row' },
      h('dt', {}, name), h('dd', {}, h('span', { class: less ? 'bar bar-less' : 'bar', vars: { share: Math.min(1, length) } }), h('span', { class: 'bar-value' }, text))))));
}
