import { ink } from './ink.js';
import { linear, logarithmic } from './scale.js';

// How a plot is painted: where each value stands first, then the grid, then lines or areas. It is done again for each second that comes, for every
// plot of a page, so it makes nothing that would have to be thrown away.

export const WINDOW_SECONDS = 900;

/** Room around the field for what is written: values at the left, times below. */
export const LEFT = 52, RIGHT = 6, TOP = 8, FOOT = 20;

/** Where more seconds than these are missing the line is broken, not bridged. */
export const GAP_SECONDS = 3;

const TICK_SECONDS = 300, LABEL_HALF = 16, SAMPLES_MAX = WINDOW_SECONDS + 1;

const clock = new Intl.DateTimeFormat('en-GB', { hour: '2-digit', minute: '2-digit' });

/** What is painted of one plot. @param plot what `timePlot` takes of {lines, tick, kind, isRamp, scale, top, thousand, gap} */
export class Painting {
  #plot;
  #xs = new Float32Array(SAMPLES_MAX);
  #heights;
  #samples = [];
  #axis = null;
  #width = 0;
  #height = 0;

  constructor(plot) {
    this.#plot = plot;
    this.#heights = plot.lines.map(() => new Float32Array(SAMPLES_MAX));
  }

  /** Where a second is, from the left. */
  placeOf(at, newest) {
    return LEFT + (1 - (newest - at) / WINDOW_SECONDS) * (this.#width - LEFT - RIGHT);
  }

  /** How far from the top a line's value of a sample is. */
  heightOf(line, index) {
    return this.#heights[line][index];
  }

  paint(pen, samples, width, height) {
    this.#samples = samples;
    this.#width = width;
    this.#height = height;
    const colours = ink();
    pen.clearRect(0, 0, width, height);
    this.#axis = this.#axisOf();
    this.#place();
    this.#paintGrid(pen, colours);
    if (samples.length === 0) return;
    pen.save();
    pen.beginPath();
    pen.rect(LEFT, 0, width - LEFT - RIGHT + 2, height);
    pen.clip();
    pen.lineJoin = pen.lineCap = 'round';
    if (this.#plot.kind === 'stack') this.#paintStack(pen, colours);
    else if (this.#plot.kind === 'band') this.#paintBand(pen, colours);
    else this.#paintLines(pen, colours);
    pen.restore();
  }

  #axisOf() {
    const { lines, kind, scale, top, thousand } = this.#plot;
    let least = Infinity, most = 0;
    for (const sample of this.#samples) {
      let sum = 0;
      for (const line of lines) {
        const value = line.of(sample) ?? 0;
        sum += value;
        if (value > most) most = value;
        if (value > 0 && value < least) least = value;
      }
      if (kind === 'stack' && sum > most) most = sum;
    }
    return scale === 'logarithmic' ? logarithmic(least === Infinity ? 0 : least, most) : linear(most, top, thousand);
  }

  #place() {
    const { lines, kind } = this.#plot, samples = this.#samples;
    const newest = samples.at(-1)?.at, tall = this.#height - TOP - FOOT;
    for (let s = 0; s < samples.length; s++) {
      this.#xs[s] = this.placeOf(samples[s].at, newest);
      let sum = 0;
      for (let i = 0; i < lines.length; i++) {
        const value = lines[i].of(samples[s]) ?? NaN;
        sum += value;
        this.#heights[i][s] = TOP + tall * (1 - this.#axis.of(kind === 'stack' ? sum : value));
      }
    }
  }

  #paintGrid(pen, colours) {
    const { tick } = this.#plot, width = this.#width, height = this.#height;
    pen.font = colours.font;
    pen.fillStyle = colours.text;
    pen.strokeStyle = colours.line;
    pen.lineWidth = 1;
    pen.textAlign = 'right';
    pen.textBaseline = 'middle';
    pen.beginPath();
    for (const value of this.#axis.ticks) {
      const y = Math.round(TOP + (height - TOP - FOOT) * (1 - this.#axis.of(value))) + 0.5;
      pen.moveTo(LEFT, y);
      pen.lineTo(width - RIGHT, y);
      pen.fillText(tick(value), LEFT - 8, y);
    }
    pen.stroke();
    if (this.#samples.length === 0) return;
    const newest = this.#samples.at(-1).at;
    pen.textBaseline = 'alphabetic';
    pen.textAlign = 'center';
    for (let at = Math.floor(newest / TICK_SECONDS) * TICK_SECONDS; at > newest - WINDOW_SECONDS; at -= TICK_SECONDS) {
      const x = Math.round(this.placeOf(at, newest));
      pen.fillRect(x, height - FOOT, 1, 4);
      if (x > LEFT + LABEL_HALF && x < width - LABEL_HALF) pen.fillText(clock.format(at * 1_000), x, height - 4);
    }
  }

  #paintLines(pen, colours) {
    const { lines } = this.#plot;
    if (lines.length === 1) {
      pen.globalAlpha = 0.13;
      pen.fillStyle = colours.series[0];
      this.#fill(pen, 0, -1);
      pen.globalAlpha = 1;
    }
    pen.lineWidth = 1.6;
    // The first is the one that matters most: it lies on top.
    for (let i = lines.length - 1; i >= 0; i--) {
      pen.strokeStyle = colours.series[i];
      this.#stroke(pen, i);
    }
  }

  #paintStack(pen, colours) {
    const { lines, isRamp } = this.#plot;
    for (let i = 0; i < lines.length; i++) {
      pen.fillStyle = isRamp ? colours.ramp[rampOf(i, lines.length)] : colours.series[i];
      this.#fill(pen, i, i - 1);
    }
  }

  #paintBand(pen, colours) {
    const { lines } = this.#plot;
    pen.fillStyle = pen.strokeStyle = colours.series[0];
    for (let i = 1; i < lines.length; i++) {
      pen.globalAlpha = 0.34 / i;
      this.#fill(pen, i, i - 1);
    }
    for (let i = 0; i < lines.length; i++) {
      pen.globalAlpha = 1 - 0.25 * i;
      pen.lineWidth = i === 0 ? 1.8 : 1;
      this.#stroke(pen, i);
    }
    pen.globalAlpha = 1;
  }

  #stroke(pen, i) {
    const ys = this.#heights[i];
    pen.beginPath();
    for (let s = 0, before = -1; s < this.#samples.length; s++) {
      if (Number.isNaN(ys[s])) continue;
      if (this.#isApart(before, s)) pen.moveTo(this.#xs[s], ys[s]);
      pen.lineTo(this.#xs[s], ys[s]);
      before = s;
    }
    pen.stroke();
  }

  /** The area between a line and the one below it; −1 is the foot. */
  #fill(pen, i, below) {
    const ys = this.#heights[i], count = this.#samples.length;
    let from = -1, before = -1;
    for (let s = 0; s < count; s++) {
      if (Number.isNaN(ys[s])) continue;
      if (this.#isApart(before, s)) {
        this.#fillRun(pen, i, below, from, before);
        from = s;
      }
      before = s;
    }
    this.#fillRun(pen, i, below, from, before);
  }

  #fillRun(pen, i, below, from, to) {
    if (from < 0) return;
    const ys = this.#heights[i], xs = this.#xs, foot = this.#height - FOOT;
    pen.beginPath();
    for (let s = from; s <= to; s++) {
      if (!Number.isNaN(ys[s])) pen.lineTo(xs[s], ys[s]);
    }
    for (let s = to; s >= from; s--) {
      if (!Number.isNaN(ys[s])) pen.lineTo(xs[s], below < 0 ? foot : this.#heights[below][s]);
    }
    pen.fill();
  }

  #isApart(before, s) {
    return before < 0 || this.#samples[s].at - this.#samples[before].at > this.#plot.gap;
  }
}

const RAMP_END = 4;

/** Few steps are spread over the whole ramp, from its calm end to its alarming one. */
export const rampOf = (step, steps) => steps === 1 ? 0 : Math.round(step * RAMP_END / (steps - 1));
