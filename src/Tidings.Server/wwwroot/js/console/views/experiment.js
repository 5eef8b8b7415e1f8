import { h, replace } from '../../dom.js';
import { gauge } from '../../drawing/gauge.js';
import { interval, reachOf } from '../../drawing/interval.js';
import { amount, count, moment, percent, signed } from '../../figures.js';
import { confirm } from '../../parts/dialog.js';
import { emptyState, problemState, rowSkeletons } from '../../parts/states.js';
import { say, sayProblem } from '../../say.js';
import { api } from '../api.js';
import { poll } from '../parts/poll.js';
import { SETTINGS } from '../parts/settings.js';
import { heads, table, wide } from '../parts/table.js';
import { addressOf } from '../router.js';
import { stateOf } from './experiments.js';

const EVERY_MS = 5_000, EVIDENCE_END = 100;

/** [title, what more of it is: 1 better, −1 worse, 0 neither] */
const METRICS = {
  value: ['Value', 1, 'likes + 2 comments + 3 shares − 5 hides'], likes: ['Likes', 1], comments: ['Comments', 1], shares: ['Shares', 1], hides: ['Hides', -1],
  pages: ['Pages', 0], errors: ['Pages that the model failed', -1],
};

/** One experiment: how its variants compare. */
export function experimentView(name) {
  const content = h('div', { class: 'experiment' });
  const asking = poll(load, EVERY_MS);
  let told = '';
  return {
    element: h('div', {}, h('div', { class: 'view-head' }, h('p', { class: 'crumb' }, h('a', { href: addressOf('experiments') }, 'Experiments')), h('h1', {}, name)), content),
    shown() {
      replace(content, rowSkeletons());
      asking.begin();
    },
    hidden: asking.end,
  };

  async function load() {
    try {
      const report = await api.experimentReport(name);
      // What is the same is left alone: somebody may be reading it.
      if (told === (told = JSON.stringify(report))) return;
      draw(report);
    } catch (problem) {
      told = '';
      replace(content, problem.status === 404 ? emptyState('why', 'There is no such experiment', 'It may have been on another server.') : problemState(problem, asking.now));
    }
  }

  function draw({ experiment, variants }) {
    const focused = content.contains(document.activeElement) ? document.activeElement.dataset.name : null;
    replace(content,
      h('section', { class: 'card' },
        h('p', { class: 'experiment-state' }, stateOf(experiment), h('span', { class: 'quiet' }, ' Began ', moment(experiment.started_at), '.'), h('span', { class: 'grow' }),
          experiment.ended_at === null && h('button', { type: 'button', class: 'button button-danger', data: { name: 'stop' }, on: { click: stop } }, 'Stop')),
        variantTable(experiment, variants)),
      h('section', { class: 'card' }, h('div', { class: 'card-head' }, h('h2', {}, 'By reader, against the control'),
        h('p', { class: 'quiet' }, 'Means and differences, each with its interval of 95%. Of use from some hundred readers on, and for one look at the end.')),
        wide('What came of it, by reader', metricTable(variants))));
    if (focused) content.querySelector(`[data-name="${focused}"]`)?.focus({ preventScroll: true });
  }

  async function stop() {
    if (!await confirm(`Stop “${name}”?`, 'Its readers are ranked as everybody from the next page on. It can’t be begun again.', 'Stop')) return;
    try {
      await api.stopExperiment(name);
      say('Stopped.');
      asking.now();
    } catch (problem) {
      sayProblem(`That didn’t work: ${problem.message}`);
    }
  }
}

const VARIANTS = [
  ['Variant', ''], ['Share', 'number'], ['Readers', 'number'], ['Pages', 'number'], ['Otherwise than the control', 'quiet whole'], ['Evidence of more hides', 'gauge-cell'],
  ['Of more errors', 'gauge-cell'],
];

const variantTable = (experiment, variants) => table({
  caption: 'Variants', columns: VARIANTS,
  rows: variants.map((variant, i) => [
    variant.name, percent(variant.share), count(variant.readers), count(variant.pages),
    i === 0 ? 'the control' : differences(experiment.variants[0].ranking, experiment.variants[i].ranking),
    i > 0 && evidence(variant.hides_evidence, `Evidence of more hides in ${variant.name}`),
    i > 0 && evidence(variant.errors_evidence, `Evidence of more errors in ${variant.name}`),
  ]),
});

/** 1 says nothing, 100 ends the experiment: by its logarithm. */
const evidence = (value, label) => gauge(Math.log(Math.max(1, value)) / Math.log(EVIDENCE_END), label, `${amount(value)} of ${EVIDENCE_END}`);

function differences(control, other) {
  const read = (profile, name) => name.split('.').reduce((part, key) => part[key], profile);
  const found = SETTINGS.filter(({ name }) => read(control, name) !== read(other, name)).map(({ name, label }) => `${label}: ${textOf(read(other, name))}`);
  return found.length === 0 ? 'nothing' : found.join('; ');
}

const textOf = value => typeof value === 'number' ? String(Number(value.toPrecision(6))) : typeof value === 'boolean' ? (value ? 'yes' : 'no') : value;

function metricTable(variants) {
  return h('table', { class: 'table metrics' },
    h('caption', { class: 'unseen' }, 'What came of it, by reader'),
    heads([['What', ''], ['Variant', ''], ['A reader', 'number'], ['Difference', 'number'], ['Less than the control, or more', 'interval-head']]),
    variants[0].metrics.map((metric, m) => {
      const [title, sign, note] = METRICS[metric.name] ?? [metric.name, 0];
      const reach = reachOf(variants.map(variant => variant.metrics[m].difference).filter(Boolean));
      return h('tbody', {}, variants.map((variant, i) => metricRow(variant, variant.metrics[m], i === 0 && h('th', { scope: 'rowgroup', rowspan: variants.length }, title, note && h('span', { class: 'metric-note' }, note)), reach, sign)));
    }));
}

function metricRow(variant, { per_reader: mean, difference }, title, reach, sign) {
  const tone = toneOf(difference, sign);
  return h('tr', {}, title, h('td', {}, variant.name),
    h('td', { class: 'number' }, amount(mean.mean), h('span', { class: 'range' }, `${amount(mean.low)} to ${amount(mean.high)}`)),
    h('td', { class: `number tone-${tone}` }, difference && [h('strong', {}, signed(difference.mean)), h('span', { class: 'range' }, `${signed(difference.low)} to ${signed(difference.high)}`), TONES[tone] && h('span', { class: 'tone' }, TONES[tone])]),
    h('td', { class: 'interval-cell' }, difference && interval(difference, reach, tone)));
}

const TONES = { better: 'better', worse: 'worse', more: 'differs', open: '' };

/** Only what the interval leaves no doubt of counts. */
function toneOf(difference, sign) {
  if (!difference || (difference.low <= 0 && difference.high >= 0)) return 'open';
  if (sign === 0) return 'more';
  return difference.mean * sign > 0 ? 'better' : 'worse';
}
