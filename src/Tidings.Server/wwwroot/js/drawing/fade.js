import { svg } from '../dom.js';

// How much of its first worth a post still has, over two days.

const WIDTH = 320, HEIGHT = 120, LEFT = 34, RIGHT = 6, TOP = 8, FOOT = 18, HOURS = 48, STEPS = 96;

const FADES = {
  exponential: (hours, halfLife) => 2 ** (-hours / halfLife), reddit_hot: (hours, halfLife) => 2 ** (-hours / halfLife), hyperbolic: hours => 1 / (1 + 0.08 * hours),
  hacker_news: hours => (2 / (hours + 2)) ** 1.8, none: () => 1,
};

const x = hours => LEFT + hours / HOURS * (WIDTH - LEFT - RIGHT);
const y = worth => TOP + (1 - worth) * (HEIGHT - TOP - FOOT);

export function fade(decay, halfLifeMinutes) {
  const worth = hours => FADES[decay]?.(hours, halfLifeMinutes / 60) ?? 1;
  const points = Array.from({ length: STEPS + 1 }, (_, i) => `${x(i * HOURS / STEPS).toFixed(1)} ${y(worth(i * HOURS / STEPS)).toFixed(1)}`);
  const after = hours => `${Math.round(worth(hours) * 100)} % after ${hours} hours`;
  return svg('svg', { class: 'fade', viewBox: `0 0 ${WIDTH} ${HEIGHT}`, role: 'img', 'aria-label': `What a post is still worth: ${[6, 12, 24, 48].map(after).join(', ')}` },
    [0, 0.5, 1].map(worth => [
      svg('line', { class: 'fade-line', x1: LEFT, x2: WIDTH - RIGHT, y1: y(worth), y2: y(worth) }),
      svg('text', { class: 'fade-text', x: LEFT - 6, y: y(worth), 'text-anchor': 'end', 'dominant-baseline': 'middle' }, `${worth * 100} %`),
    ]),
    [0, 12, 24, 36, 48].map(hours => svg('text', { class: 'fade-text', x: x(hours), y: HEIGHT - 3, 'text-anchor': hours === 0 ? 'start' : hours === HOURS ? 'end' : 'middle' }, `${hours} h`)),
    svg('path', { class: 'fade-area', d: `M${points.join('L')}L${x(HOURS)} ${y(0)}L${x(0)} ${y(0)}Z` }),
    svg('path', { class: 'fade-curve', d: `M${points.join('L')}` }));
}
