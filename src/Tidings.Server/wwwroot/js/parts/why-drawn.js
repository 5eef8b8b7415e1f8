import { h } from '../dom.js';

// Why a post stands where it stands, or why it doesn't: the server's own figures, drawn. To its reader it is told as theirs, to the operator as a reader's.

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

/** What a reader is told. */
export const TO_READER = { terms: TERMS, heads: HEADS, rules: RULES, feed: 'your feed', have: 'you have' };

/** What the operator is told of a reader. Rules that a reader never hears of are told too. */
export const TO_OPERATOR = {
  terms: {
    ...TERMS, affinity: 'How close the reader is to its author', like: 'That they may like it', comment: 'That they may comment', share: 'That they may share it',
    hide: 'That they may hide it',
  },
  heads: { like: 'They like it', comment: 'They comment', share: 'They share it', hide: 'They hide it' },
  rules: {
    ...RULES, not_a_candidate: 'It is not among the newest 1,000 by those whom the reader follows.', unfollowed: 'The reader doesn’t follow its author.', muted: 'The reader muted its author.',
    hidden: 'The reader hid it.', blocked: 'One of the two blocks the other.', not_friends: 'It is for friends, and the two are none.',
    not_in_audience: 'It is for a list that the reader isn’t on.', missing: 'There is no such post any more.',
    seen: 'The reader has seen it, so what they haven’t seen stands before it.',
  },
  feed: 'their feed', have: 'they have',
};

const figure = new Intl.NumberFormat('en', { maximumSignificantDigits: 3 });
const percent = new Intl.NumberFormat('en', { style: 'percent', maximumSignificantDigits: 2 });

const plain = name => name.replaceAll('_', ' ').replace(/^./, first => first.toUpperCase());

/** @param words TO_READER or TO_OPERATOR */
export function whyDrawn(why, words) {
  return [
    h('p', { class: 'why-lead' }, lead(why, words)),
    why.terms.length > 0 && (why.heads ? sums(why.terms, words) : factors(why.terms, words)),
    why.heads && bars('What the model expects', 'How likely it thinks each is.',
      Object.entries(why.heads).map(([name, value]) => ({ name: words.heads[name] ?? plain(name), length: value, text: percent.format(value) }))),
    Object.keys(why.features).length > 0 && h('details', { class: 'why-features' }, h('summary', {}, 'Everything that was looked at'),
      h('table', {}, h('tbody', {}, Object.entries(why.features).map(([name, value]) =>
        h('tr', {}, h('th', { scope: 'row' }, plain(name)), h('td', {}, figure.format(value))))))),
    why.variant && h('p', { class: 'quiet' }, `Ranked by the variant “${why.variant}”.`),
  ];
}

function lead(why, { feed, rules, have }) {
  // Whoever asks may have it before them: a number far down is told with what put it there.
  if (why.rule === 'seen' && why.rank !== undefined) {
    return ['It is now ', h('strong', {}, `number ${why.rank}`), ` in ${feed}, since ${have} seen it: what ${have}n’t seen stands before it. Its score is `,
      h('strong', {}, figure.format(why.score)), '.'];
  }
  const place = why.rank === undefined
    ? `It is not in ${feed}.`
    : [h('strong', {}, `Number ${why.rank}`), ` in ${feed} just now, with a score of `, h('strong', {}, figure.format(why.score)), '.'];
  return [place, why.rule && ` ${rules[why.rule] ?? `${plain(why.rule)}.`}`];
}

/** After the model the score is the sum of its terms. */
function sums(terms, words) {
  const most = Math.max(...terms.map(term => Math.abs(term.value)), Number.EPSILON);
  return bars('What the score is made of', 'They add up to it.', terms.map(({ name, value }) => (
    { name: words.terms[name] ?? plain(name), length: Math.abs(value) / most, text: value > 0 ? `+${figure.format(value)}` : figure.format(value), less: value < 0 })));
}

/** Without a model the score is the product of its terms: drawn by how many times each doubles or halves it. */
function factors(terms, words) {
  const weight = value => Math.abs(Math.log2(Math.max(value, 1e-6)));
  const most = Math.max(...terms.map(term => weight(term.value)), 1);
  return bars('What the score is made of', 'Multiplied, they are the score: what raises it, and what lowers it.', terms.map(({ name, value }) => (
    { name: words.terms[name] ?? plain(name), length: weight(value) / most, text: `× ${figure.format(value)}`, less: value < 1 })));
}

/** Bars of 0 to 1 of the room there is. @param rows {name, length, text, less} */
function bars(title, note, rows) {
  return h('section', { class: 'bars' }, h('h3', {}, title), h('p', { class: 'hint' }, note),
    h('dl', {}, rows.map(({ name, length, text, less }) => h('div', { class: 'bar-row' },
      h('dt', {}, name), h('dd', {}, h('span', { class: less ? 'bar bar-less' : 'bar', vars: { share: Math.min(1, length) } }), h('span', { class: 'bar-value' }, text))))));
}
