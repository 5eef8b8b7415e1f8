import { svg } from '../dom.js';

// A value and how sure one is of it: a mark, and a line as long as the interval. Several that are drawn on one scale can be compared.

const WIDTH = 300, HEIGHT = 28, PAD = 8, CAP = 5;

/**
 * @param estimate {mean, low, high}; null draws the scale alone
 * @param scale {least, most}: what the whole width is
 * @param tone `better`, `worse` or `open`: whether it is a difference that one can be sure of
 */
export function interval(estimate, { least, most }, tone) {
  const x = value => PAD + (Math.min(most, Math.max(least, value)) - least) / (most - least) * (WIDTH - 2 * PAD);
  const middle = HEIGHT / 2;
  return svg('svg', { class: `interval interval-${tone}`, viewBox: `0 0 ${WIDTH} ${HEIGHT}`, preserveAspectRatio: 'none', 'aria-hidden': 'true' },
    svg('line', { class: 'interval-zero', x1: x(0), x2: x(0), y1: 0, y2: HEIGHT }),
    estimate && [
      svg('line', { class: 'interval-span', x1: x(estimate.low), x2: x(estimate.high), y1: middle, y2: middle }),
      [estimate.low, estimate.high].map(end => svg('line', { class: 'interval-span', x1: x(end), x2: x(end), y1: middle - CAP, y2: middle + CAP })),
      // Round whatever the width: a line of no length with round ends.
      svg('line', { class: 'interval-mean', x1: x(estimate.mean), x2: x(estimate.mean), y1: middle, y2: middle }),
    ]);
}

/** A scale that has room for all estimates, and for nothing: zero. */
export function scaleOf(estimates) {
  const ends = estimates.flatMap(({ low, high }) => [low, high]).filter(Number.isFinite);
  const reach = Math.max(...ends.map(Math.abs), 1e-9) * 1.05;
  return { least: -reach, most: reach };
}
