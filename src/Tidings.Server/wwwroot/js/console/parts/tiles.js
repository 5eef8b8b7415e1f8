import { h } from '../../dom.js';
import { count, percent, rate, seconds } from '../../figures.js';

// The few figures to know first. They are of some seconds, so that they can be read.

const OVER_SECONDS = 10, QUALITY_SECONDS = 60;

const BREAKERS = { closed: 'asked', open: 'left alone', half_open: 'being tried' };

const within = (samples, span) => samples.filter(sample => sample.at > samples.at(-1).at - span);

const bySecond = (samples, pick) => {
  const some = within(samples, OVER_SECONDS);
  return some.reduce((sum, sample) => sum + pick(sample), 0) / some.reduce((sum, sample) => sum + sample.seconds, 0);
};

/** The highest of the last seconds that have any. */
const worst = (samples, pick) => {
  const known = within(samples, OVER_SECONDS).map(pick).filter(value => value !== null);
  return known.length === 0 ? null : Math.max(...known) / 1_000;
};

const quality = samples => {
  const some = within(samples, QUALITY_SECONDS);
  const full = some.reduce((sum, sample) => sum + sample.quality.full, 0);
  const unranked = some.reduce((sum, sample) => sum + Object.values(sample.quality.unranked).reduce((total, pages) => total + pages, 0), 0);
  return full + unranked === 0 ? null : full / (full + unranked);
};

const TILES = [
  ['posts', 'Posts', 'a second', samples => rate(bySecond(samples, sample => sample.counts.posts))],
  ['pages', 'Feed pages', 'a second', samples => rate(bySecond(samples, sample => sample.counts.feeds_ranked + sample.counts.feeds_latest))],
  ['read', 'Reading a feed', '99% within', samples => seconds(worst(samples, sample => sample.latency.feed.p99_ms))],
  ['lag', 'Fan-out lag', '99% within', samples => seconds(worst(samples, sample => sample.fan_out.lag.p99_ms))],
  ['live', 'Live', 'connections', samples => count(samples.at(-1).live.connections)],
  ['quality', 'Full quality', 'of pages, a minute', samples => percent(quality(samples))],
  ['processor', 'Processor', 'of all cores', samples => percent(bySecond(samples, sample => sample.process.cpu * sample.seconds) / samples.at(-1).process.cores)],
  ['model', 'Model server', 'just now', samples => samples.at(-1).model_server ? BREAKERS[samples.at(-1).model_server.breaker] : 'none'],
];

export function tiles() {
  const values = TILES.map(() => h('dd', { class: 'tile-value' }, '–'));
  return {
    element: h('dl', { class: 'tiles' }, TILES.map(([name, label, unit], i) => h('div', { class: 'tile', data: { tile: name } },
      h('dt', {}, h('span', { class: 'tile-label' }, label), ' ', h('span', { class: 'tile-unit' }, unit)), values[i]))),
    show(samples) {
      if (samples.length === 0) return;
      TILES.forEach(([, , , read], i) => {
        const text = read(samples);
        if (values[i].textContent !== text) values[i].textContent = text;
      });
    },
  };
}
