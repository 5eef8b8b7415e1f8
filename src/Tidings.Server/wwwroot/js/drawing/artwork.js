import { h, svg } from '../dom.js';
import { chance } from './chance.js';
import { icon } from './icons.js';

// Tidings keeps the ids of media, not the media: where a product would show its pictures, the page draws a landscape from the id.

const WIDTH = 640, HEIGHT = 400, SKY_BANDS = 9, BAND = 36, SHOWN_MAX = 4;

/** The pictures or the video of a post. */
export function media(type, ids) {
  if (type === 'video') return film(ids[0]);
  const shown = ids.slice(0, SHOWN_MAX);
  return h('div', { class: `pictures pictures-${shown.length}` },
    shown.map((id, i) => h('figure', { class: 'picture' }, landscape(id),
      i === SHOWN_MAX - 1 && ids.length > SHOWN_MAX && h('span', { class: 'picture-more' }, `+${ids.length - SHOWN_MAX}`),
      h('figcaption', {}, id))));
}

/** The card of the first address in a text; null where there is none. */
export function linkCard(text) {
  const url = firstUrl(text);
  if (!url) return null;
  return h('a', { class: 'link-card', href: url.href, target: '_blank', rel: 'noopener noreferrer nofollow' },
    h('span', { class: 'link-card-mark', 'aria-hidden': 'true', vars: { hue: Math.floor(chance(url.host)() * 360) } }, url.host.replace(/^www\./, '')[0].toUpperCase()),
    h('span', { class: 'link-card-words' },
      h('strong', {}, url.host.replace(/^www\./, '')),
      h('span', {}, (url.pathname + url.search).replace(/\/$/, '') || 'Front page')),
    icon('link'));
}

export const ADDRESS = /https?:\/\/[^\s<>"]+[^\s<>".,;:!?)\]]/g;

function firstUrl(text) {
  const found = text.match(ADDRESS)?.[0];
  return found && URL.canParse(found) ? new URL(found) : null;
}

function film(id) {
  return h('figure', { class: 'picture film' }, landscape(id),
    h('span', { class: 'film-play', 'aria-hidden': 'true' }, svg('svg', { viewBox: '0 0 24 24' }, svg('path', { d: 'M8 5.5v13l11-6.5z' }))),
    h('figcaption', {}, id));
}

function landscape(id) {
  const random = chance(id);
  const hue = Math.floor(random() * 360);
  const sunX = 80 + random() * (WIDTH - 160), sunY = 70 + random() * 120, sun = 26 + random() * 46;
  const sky = Array.from({ length: SKY_BANDS }, (_, band) => svg('rect', {
    width: WIDTH, y: band * BAND, height: BAND + 1, class: 'land-sky', 'fill-opacity': 1 - band / SKY_BANDS,
  }));
  const hills = [0, 1, 2, 3].map(layer => svg('path', { d: ridge(random, layer), class: `land-hill land-hill-${layer}` }));
  const drawn = svg('svg', {
    class: 'landscape', viewBox: `0 0 ${WIDTH} ${HEIGHT}`, preserveAspectRatio: 'xMidYMid slice', role: 'img', 'aria-label': `Drawn in place of ${id}`,
  }, svg('rect', { width: WIDTH, height: HEIGHT, class: 'land-air' }), sky, svg('circle', { cx: sunX, cy: sunY, r: sun, class: 'land-sun' }), hills);
  drawn.style.setProperty('--hue', hue);
  drawn.style.setProperty('--turn', Math.floor(random() * 70 - 35));
  return drawn;
}

/** A line of hills from left to right, closed at the foot. */
function ridge(random, layer) {
  const base = 190 + layer * 52, swing = 46 - layer * 6, steps = 5;
  let path = `M0 ${HEIGHT}V${(base + (random() - 0.5) * swing).toFixed()}`;
  for (let step = 1; step <= steps; step++) {
    const x = (WIDTH / steps) * step, y = base + (random() - 0.5) * 2 * swing;
    path += `S${(x - WIDTH / steps / 2).toFixed()} ${(y - (random() - 0.5) * swing).toFixed()} ${x.toFixed()} ${y.toFixed()}`;
  }
  return `${path}V${HEIGHT}Z`;
}
