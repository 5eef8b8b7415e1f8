import { h } from '../dom.js';
import { crosshair } from './crosshair.js';
import { FOOT, GAP_SECONDS, LEFT, Painting, RIGHT, WINDOW_SECONDS, rampOf } from './plot-paint.js';

/** Half the width of the time that stands under what is pointed at. */
const MOMENT_HALF = 32;

const clock = new Intl.DateTimeFormat('en-GB', { hour: '2-digit', minute: '2-digit', second: '2-digit' });

/**
 * A plot over the last fifteen minutes. What it shows stands beside it in words too: the newest values, or those of the moment that is pointed at,
 * with the pointer or with the arrow keys.
 * @param title what is plotted
 * @param note what is to be known about it, in a few words
 * @param lines {label, of: sample → number, null where it isn't known}; of a stack from the foot up
 * @param format a value as text; `tick` the same for the axis, where that has to be shorter
 * @param kind `lines`, `stack`, or `band`: percentiles from the lowest to the highest
 * @param isRamp whether the parts of a stack go from what is calm to what is alarming
 * @param scale `linear` or `logarithmic`
 * @param top what the axis ends with, where it is always the same
 * @param thousand what the format's units rise by
 * @param gap seconds without a value that a line bridges: more where a value isn't to be had each second
 */
export function timePlot({
  title, note = '', lines, format, tick = format, kind = 'lines', isRamp = false, scale = 'linear', top = null, thousand = 1_000, gap = GAP_SECONDS,
}) {
  const painting = new Painting({ lines, tick, kind, isRamp, scale, top, thousand, gap });
  const marks = lines.map((_, i) => markOf(kind, isRamp, i, lines.length));
  const canvas = h('canvas', { class: 'plot-canvas', 'aria-hidden': 'true' });
  const moment = h('span', { class: 'plot-moment' });
  const dots = marks.map(mark => h('span', { class: `plot-dot ${mark}` }));
  const rule = h('div', { class: 'plot-rule', hidden: true }, kind === 'stack' ? null : dots, moment);
  const field = h('div', {
    class: 'plot-field', role: 'slider', tabindex: 0, 'aria-label': `${title}, over the last 15 minutes`,
    'aria-valuemin': -WINDOW_SECONDS, 'aria-valuemax': 0, 'aria-valuenow': 0, 'aria-valuetext': 'Nothing yet',
    on: { pointermove: point, pointerdown: point, pointerleave: away, keydown, blur: away },
  }, canvas, rule);
  const values = lines.map(() => h('dd', {}, format(null)));
  // The uppermost of a stack is named first: as one sees it.
  const order = kind === 'stack' ? lines.map((_, i) => lines.length - 1 - i) : lines.map((_, i) => i);
  const element = h('figure', { class: `plot plot-${kind}` },
    h('figcaption', { class: 'plot-head' }, h('h3', {}, title), note && h('p', { class: 'plot-note' }, note)),
    h('dl', { class: 'plot-legend' }, order.map(i => h('div', {},
      h('dt', {}, lines.length > 1 && h('span', { class: `plot-mark ${marks[i]}` }), lines[i].label), values[i]))),
    field);
  let samples = [], width = 0, height = 0;

  new ResizeObserver(([entry]) => {
    width = Math.round(entry.contentRect.width);
    height = Math.round(entry.contentRect.height);
    canvas.width = Math.round(width * devicePixelRatio);
    canvas.height = Math.round(height * devicePixelRatio);
    draw();
    tell();
  }).observe(field);

  return { element, show, draw, tell };

  /** @param now the samples, the oldest first: each has its second in `at` */
  function show(now) {
    samples = now;
    draw();
    tell();
  }

  function draw() {
    if (width === 0) return;
    painting.paint(canvas.getContext('2d'), samples, width, height, devicePixelRatio);
  }

  /** Says the values of the moment that is pointed at, or else the newest. */
  function tell() {
    const newest = samples.at(-1)?.at ?? 0;
    const index = crosshair.ago === null ? samples.length - 1 : nearest(samples, newest - crosshair.ago);
    const sample = samples[index] ?? null;
    const texts = lines.map(line => format(sample && lately(line, index)));
    texts.forEach((text, i) => { if (values[i].textContent !== text) values[i].textContent = text; });
    rule.hidden = crosshair.ago === null || sample === null || width === 0;
    if (!rule.hidden) pointAt(index, newest);
    // Whoever stands on it hears the moments that they go to, and not each second that passes.
    if (document.activeElement === field && crosshair.ago === null) return;
    field.setAttribute('aria-valuenow', String(-(crosshair.ago ?? 0)));
    field.setAttribute('aria-valuetext', sample === null ? 'Nothing yet'
      : `${crosshair.ago === null ? 'Now' : clock.format(sample.at * 1_000)}: ${order.map(i => `${lines[i].label} ${texts[i]}`).join(', ')}`);
  }

  /** A line's value at a moment, or the last before it within a gap. */
  function lately(line, index) {
    for (let i = index; i >= 0 && samples[index].at - samples[i].at <= gap; i--) {
      const value = line.of(samples[i]);
      if (value !== null) return value;
    }
    return null;
  }

  function pointAt(index, newest) {
    const x = painting.placeOf(samples[index].at, newest);
    rule.style.transform = `translateX(${x.toFixed(1)}px)`;
    rule.style.height = `${height - FOOT}px`;
    moment.textContent = clock.format(samples[index].at * 1_000);
    moment.style.transform = `translateX(${(Math.min(width - MOMENT_HALF, Math.max(MOMENT_HALF, x)) - x).toFixed(1)}px) translateX(-50%)`;
    dots.forEach((dot, i) => {
      const y = painting.heightOf(i, index);
      dot.hidden = Number.isNaN(y);
      dot.style.transform = `translateY(${y.toFixed(1)}px)`;
    });
  }

  function point(event) {
    const share = (event.clientX - field.getBoundingClientRect().left - LEFT) / (width - LEFT - RIGHT);
    crosshair.point(Math.round((1 - Math.min(1, Math.max(0, share))) * WINDOW_SECONDS));
  }

  function away() {
    crosshair.point(null);
  }

  function keydown(event) {
    const ago = crosshair.ago ?? 0, oldest = samples.length === 0 ? 0 : samples.at(-1).at - samples[0].at;
    const to = {
      ArrowLeft: ago + 1, ArrowDown: ago + 1, ArrowRight: ago - 1, ArrowUp: ago - 1, PageDown: ago + 60, PageUp: ago - 60, Home: oldest, End: 0, Escape: null,
    }[event.key];
    if (to === undefined) return;
    event.preventDefault();
    crosshair.point(to === null ? null : Math.min(Math.max(0, to), oldest));
  }
}

/** The sample of a second or the one nearest to it; −1 where there is none. */
function nearest(samples, at) {
  let low = 0, high = samples.length - 1;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (samples[middle].at < at) low = middle + 1;
    else high = middle;
  }
  if (high < 0) return -1;
  return low > 0 && at - samples[low - 1].at < samples[low].at - at ? low - 1 : low;
}

const markOf = (kind, isRamp, i, count) => isRamp ? `mark-ramp-${rampOf(i, count) + 1}` : kind === 'band' ? `mark-band-${i + 1}` : `mark-series-${i + 1}`;
