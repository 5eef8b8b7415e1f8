import { svg } from '../dom.js';

// A value and how sure one is of it: a mark, and a line as long as the interval. Several that are drawn on one scale can be compared.

const WIDTH = 300, HEIGHT = 28, PAD = 8, CAP = 5;

/**
 * @param estimate {mean, low, high}
 * @param reach what the whole width is: from −reach to reach
 * @param tone `better`, `worse` or `open`: whether it is a difference that one can be sure of
 */
export function interval(estimate, reach, tone) {
  const x = value => WIDTH / 2 + Math.min(1, Math.max(-1, value / reach)) * (WIDTH / 2 - PAD);
  const middle = HEIGHT / 2;
  return svg('svg', { class: `interval interval-${tone}`, viewBox: `0 0 ${WIDTH} ${HEIGHT}`, preserveAspectRatio: 'none', 'aria-hidden': 'true' },
    svg('line', { class: 'interval-span', x1: x(estimate.low), x2: x(estimate.high), y1: middle, y2: middle }),
    [estimate.low, estimate.high].map(end => svg('line', { class: 'interval-span', x1: x(end), x2: x(end), y1: middle - CAP, y2: middle + CAP })),
    // Round whatever the width: a line of no length with round ends.
    svg('line', { class: 'interval-mean', x1: x(estimate.mean), x2: x(estimate.mean), y1: middle, y2: middle }));
}

/** How far to both sides of nothing all estimates reach. */
export const reachOf = estimates => Math.max(...estimates.flatMap(({ low, high }) => [low, high]).filter(Number.isFinite).map(Math.abs), 1e-9) * 1.05;
