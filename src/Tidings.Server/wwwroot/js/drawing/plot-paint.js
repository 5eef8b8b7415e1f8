import { ink } from './ink.js';
import { linear, logarithmic } from './scale.js';

// How a plot is painted. It is done again with each second that comes, for every plot of a page, so it has to cost next to nothing:
//
//   1. where each value stands is worked out, by sample;
//   2. of every line it is worked out, by column of the screen's own pixels, from where to where it reaches within the column;
//   3. each column is filled with a rectangle as high as that and as thick as the line; columns that are alike together.
//
// Rectangles with whole columns and broken heights are drawn many times as fast as a stroke along nine hundred points, whose every crossing with itself
// has to be found, and look the same: a line that rises gently is smooth, one that leaps is a bar.

export const WINDOW_SECONDS = 900;

/** Room around the field for what is written: values at the left, times below. */
export const LEFT = 52, RIGHT = 6, TOP = 8, FOOT = 20;

/** Where more seconds than these are missing the line is broken, not bridged. */
export const GAP_SECONDS = 3;

const TICK_SECONDS = 300, LABEL_HALF = 16, SAMPLES_MAX = WINDOW_SECONDS + 1, LINE_WIDTH = 1.6, FINE_WIDTH = 1;

const clock = new Intl.DateTimeFormat('en-GB', { hour: '2-digit', minute: '2-digit' });

/** What is painted of one plot. @param plot what `timePlot` takes of {lines, tick, kind, isRamp, scale, top, thousand, gap} */
export class Painting {
  #plot;
  #samples = [];
  #axis = null;
  #width = 0;
  #height = 0;
  #dots = 1;
  #xs = new Float32Array(SAMPLES_MAX);
  /** By line and sample: the value first, then how far from the top that is. */
  #heights;
  /** By line and column, in pixels of the screen: the highest and the lowest that the line comes to. NaN where it isn't. */
  #from;
  #to;

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

  /** @param dots pixels of the screen for one of the page */
  paint(pen, samples, width, height, dots) {
    this.#samples = samples;
    this.#fit(width, height, dots);
    this.#axis = this.#read();
    this.#place();
    const colours = ink();
    pen.setTransform(dots, 0, 0, dots, 0, 0);
    pen.clearRect(0, 0, width, height);
    this.#paintGrid(pen, colours);
    pen.setTransform(1, 0, 0, 1, 0, 0);
    if (this.#plot.kind === 'stack') this.#paintStack(pen, colours);
    else if (this.#plot.kind === 'band') this.#paintBand(pen, colours);
    else this.#paintLines(pen, colours);
  }

  #fit(width, height, dots) {
    if (this.#width === width && this.#height === height && this.#dots === dots && this.#from) return;
    [this.#width, this.#height, this.#dots] = [width, height, dots];
    const columns = Math.ceil(width * dots) + 1;
    this.#from = this.#plot.lines.map(() => new Float32Array(columns));
    this.#to = this.#plot.lines.map(() => new Float32Array(columns));
  }

  /** Takes the values of all samples, and finds out how high the axis has to be. */
  #read() {
    const { lines, kind, scale, top, thousand } = this.#plot, samples = this.#samples;
    let least = Infinity, most = 0;
    for (let s = 0; s < samples.length; s++) {
      let sum = 0;
      for (let i = 0; i < lines.length; i++) {
        const value = lines[i].of(samples[s]) ?? NaN;
        sum += value;
        const shown = kind === 'stack' ? sum : value;
        this.#heights[i][s] = shown;
        if (shown > most) most = shown;
        if (shown > 0 && shown < least) least = shown;
      }
    }
    return scale === 'logarithmic' ? logarithmic(least === Infinity ? 0 : least, most) : linear(most, top, thousand);
  }

  #place() {
    const samples = this.#samples, newest = samples.at(-1)?.at, tall = this.#height - TOP - FOOT;
    for (let s = 0; s < samples.length; s++) this.#xs[s] = this.placeOf(samples[s].at, newest);
    for (let i = 0; i < this.#heights.length; i++) {
      const heights = this.#heights[i];
      for (let s = 0; s < samples.length; s++) heights[s] = TOP + tall * (1 - this.#axis.of(heights[s]));
      this.#traverse(i);
    }
  }

  /** Follows a line through the columns. */
  #traverse(i) {
    const from = this.#from[i], to = this.#to[i], ys = this.#heights[i], samples = this.#samples, dots = this.#dots;
    from.fill(NaN);
    to.fill(NaN);
    for (let s = 0, before = -1; s < samples.length; s++) {
      if (Number.isNaN(ys[s])) continue;
      const x = this.#xs[s] * dots, y = ys[s] * dots;
      if (before < 0 || samples[s].at - samples[before].at > this.#plot.gap) {
        // A point by itself is as wide as a line.
        for (let column = Math.floor(x); column < x + dots && column < from.length; column++) reach(from, to, column, y, y);
      } else {
        segment(from, to, this.#xs[before] * dots, ys[before] * dots, x, y);
      }
      before = s;
    }
  }

  #paintGrid(pen, colours) {
    const { tick } = this.#plot, width = this.#width, height = this.#height;
    pen.font = colours.font;
    pen.fillStyle = colours.text;
    pen.textAlign = 'right';
    pen.textBaseline = 'middle';
    for (const value of this.#axis.ticks) pen.fillText(tick(value), LEFT - 8, this.#lineOf(value) + 0.5);
    if (this.#samples.length > 0) {
      const newest = this.#samples.at(-1).at;
      pen.textBaseline = 'alphabetic';
      pen.textAlign = 'center';
      for (let at = Math.floor(newest / TICK_SECONDS) * TICK_SECONDS; at > newest - WINDOW_SECONDS; at -= TICK_SECONDS) {
        const x = Math.round(this.placeOf(at, newest));
        pen.fillRect(x, height - FOOT, 1, 4);
        if (x > LEFT + LABEL_HALF && x < width - LABEL_HALF) pen.fillText(clock.format(at * 1_000), x, height - 4);
      }
    }
    pen.fillStyle = colours.line;
    for (const value of this.#axis.ticks) pen.fillRect(LEFT, this.#lineOf(value), width - LEFT - RIGHT, 1);
  }

  #lineOf(value) {
    return Math.round(TOP + (this.#height - TOP - FOOT) * (1 - this.#axis.of(value)));
  }

  #paintLines(pen, colours) {
    const { lines } = this.#plot;
    if (lines.length === 1) {
      pen.globalAlpha = 0.13;
      pen.fillStyle = colours.series[0];
      this.#fill(pen, 0, -1);
      pen.globalAlpha = 1;
    }
    // The first is the one that matters most: it lies on top.
    for (let i = lines.length - 1; i >= 0; i--) {
      pen.fillStyle = colours.series[i];
      this.#stroke(pen, i, LINE_WIDTH);
    }
  }

  /** From the uppermost down, each to the foot: so that no seam is left between two. */
  #paintStack(pen, colours) {
    const { lines, isRamp } = this.#plot;
    for (let i = lines.length - 1; i >= 0; i--) {
      pen.fillStyle = isRamp ? colours.ramp[rampOf(i, lines.length)] : colours.series[i];
      this.#fill(pen, i, -1);
    }
  }

  #paintBand(pen, colours) {
    const { lines } = this.#plot;
    pen.fillStyle = colours.series[0];
    for (let i = 1; i < lines.length; i++) {
      pen.globalAlpha = 0.34 / i;
      this.#fill(pen, i, i - 1);
    }
    for (let i = lines.length - 1; i >= 0; i--) {
      pen.globalAlpha = 1 - 0.25 * i;
      this.#stroke(pen, i, i === 0 ? LINE_WIDTH : FINE_WIDTH);
    }
    pen.globalAlpha = 1;
  }

  #stroke(pen, i, width) {
    const from = this.#from[i], to = this.#to[i], thick = width * this.#dots;
    // Where a line leaps it is as wide as a pixel of the page; not where it lets shine through, or what overlaps would be darker.
    const more = width === FINE_WIDTH ? 0 : Math.round(this.#dots) - 1;
    for (let column = 0, next; column < from.length; column = next) {
      next = column + 1;
      if (Number.isNaN(from[column])) continue;
      while (from[next] === from[column] && to[next] === to[column]) next++;
      pen.fillRect(column, from[column] - thick / 2, next - column + more, to[column] - from[column] + thick);
    }
  }

  /** The area between a line and the one below it; −1 is the foot. */
  #fill(pen, i, below) {
    const from = this.#from[i], to = this.#to[i], foot = (this.#height - FOOT) * this.#dots;
    const floorOf = column => below < 0 ? foot : (this.#from[below][column] + this.#to[below][column]) / 2;
    for (let column = 0, next; column < from.length; column = next) {
      next = column + 1;
      if (Number.isNaN(from[column])) continue;
      const top = (from[column] + to[column]) / 2, floor = floorOf(column);
      while (from[next] === from[column] && to[next] === to[column] && floorOf(next) === floor) next++;
      if (floor > top) pen.fillRect(column, top, next - column, floor - top);
    }
  }
}

/** A straight line from one point to another, which is not to the left of it. */
function segment(from, to, x0, y0, x1, y1) {
  const first = Math.floor(x0), last = Math.min(Math.floor(x1), from.length - 1), slope = x1 > x0 ? (y1 - y0) / (x1 - x0) : 0;
  for (let column = first; column <= last; column++) {
    const enter = column <= x0 ? y0 : y0 + (column - x0) * slope;
    const leave = column + 1 >= x1 ? y1 : y0 + (column + 1 - x0) * slope;
    if (enter < leave) reach(from, to, column, enter, leave);
    else reach(from, to, column, leave, enter);
  }
}

function reach(from, to, column, high, low) {
  if (!(from[column] <= high)) from[column] = high;
  if (!(to[column] >= low)) to[column] = low;
}

const RAMP_END = 4;

/** Few steps are spread over the whole ramp, from its calm end to its alarming one. */
export const rampOf = (step, steps) => steps === 1 ? 0 : Math.round(step * RAMP_END / (steps - 1));
