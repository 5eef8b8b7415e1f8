import { h, svg } from '../dom.js';
import { hueOf } from './chance.js';

/** A person's initials on their colour. Decoration: the name stands beside it. */
export function avatar(person, size = 'm') {
  const initials = svg('svg', { viewBox: '0 0 40 40', 'aria-hidden': 'true' },
    svg('text', { x: 20, y: 20.5, 'text-anchor': 'middle', 'dominant-baseline': 'central' }, initialsOf(person.name)));
  return h('span', { class: `avatar avatar-${size}`, vars: { hue: hueOf(person.handle) } }, initials);
}

function initialsOf(name) {
  const words = name.trim().split(/\s+/);
  const first = [...words[0]][0] ?? '?';
  const last = words.length > 1 ? [...words.at(-1)][0] : '';
  return (first + last).toUpperCase();
}
