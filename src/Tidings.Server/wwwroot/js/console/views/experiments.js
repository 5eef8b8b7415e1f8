import { h, replace } from '../../dom.js';
import { moment, percent } from '../../figures.js';
import { emptyState, problemState, rowSkeletons } from '../../parts/states.js';
import { api } from '../api.js';
import { startExperiment } from '../parts/start-experiment.js';
import { table } from '../parts/table.js';
import { addressOf, go } from '../router.js';

const COLUMNS = [['Experiment', ''], ['Began', ''], ['State', ''], ['Variants', 'quiet']];

/** All experiments, and a new one. */
export function experimentsView() {
  const content = h('div', { class: 'card table-card' });
  return {
    element: h('div', {}, h('div', { class: 'view-head' }, h('h1', {}, 'Experiments'),
      h('p', { class: 'quiet about' }, 'Rank otherwise for a share of the readers, and count what comes of it. One runs at a time.'),
      h('button', { type: 'button', class: 'button button-strong', on: { click: begin } }, 'New experiment')), content),
    shown: load,
  };

  async function begin() {
    const { profile } = await api.ranking();
    startExperiment(profile, made => go(addressOf('experiments', made.name)));
  }

  async function load() {
    replace(content, rowSkeletons(3));
    try {
      const { items } = await api.experiments();
      replace(content, items.length === 0
        ? emptyState('why', 'No experiment yet', 'Try another way of ranking on a tenth of the readers, and see whether they like it better.')
        : table({ caption: 'Experiments, the newest first', columns: COLUMNS, rows: items.reverse().map(rowOf) }));
    } catch (problem) {
      replace(content, problemState(problem, load));
    }
  }
}

const rowOf = experiment => [
  h('a', { href: addressOf('experiments', experiment.name) }, experiment.name), moment(experiment.started_at), stateOf(experiment),
  experiment.variants.map(({ name, share }) => `${name} ${percent(share)}`).join(', '),
];

export const stateOf = experiment => experiment.ended_at === null
  ? h('span', { class: 'badge' }, 'running')
  : [h('span', { class: 'badge badge-quiet' }, 'ended'), ' ', h('span', { class: 'quiet' }, moment(experiment.ended_at), `: ${experiment.end_reason}`)];
