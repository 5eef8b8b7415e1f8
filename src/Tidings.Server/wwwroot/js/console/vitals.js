import { WINDOW_SECONDS } from '../drawing/plot-paint.js';
import { api } from './api.js';
import { key } from './key.js';

// How the server has been, second by second: asked for once a second while a view looks on, and kept when none does.

const EVERY_MS = 1_000;

class Vitals extends EventTarget {
  /** The oldest first, each with its second in `at`. */
  samples = [];
  problem = null;

  #after = null;
  #watchers = 0;
  #timer = null;

  constructor() {
    super();
    addEventListener('visibilitychange', () => this.#begin());
    key.addEventListener('change', () => this.#forget());
  }

  /** @returns a function that ends the watching */
  watch(tell) {
    this.addEventListener('change', tell);
    this.#watchers++;
    this.#begin();
    return () => {
      this.removeEventListener('change', tell);
      this.#watchers--;
    };
  }

  #begin() {
    if (this.#timer === null && this.#isWanted) this.#timer = setTimeout(() => this.#ask(), 0);
  }

  get #isWanted() { return this.#watchers > 0 && !document.hidden && key.value !== null; }

  async #ask() {
    const began = performance.now();
    try {
      this.#take(await api.vitals(this.#after));
      this.problem = null;
    } catch (problem) {
      this.problem = problem;
    }
    this.#timer = this.#isWanted ? setTimeout(() => this.#ask(), Math.max(0, EVERY_MS - (performance.now() - began))) : null;
    this.dispatchEvent(new Event('change'));
  }

  #take({ seq, samples }) {
    // The numbers go on over restarts. Should they not, the record is another one, and so is all that was seen.
    if (this.#after !== null && seq < this.#after) this.samples = [];
    this.#after = seq;
    for (const sample of samples) this.samples.push({ ...sample, at: Date.parse(sample.at) / 1_000 });
    const oldest = (this.samples.at(-1)?.at ?? 0) - WINDOW_SECONDS;
    const kept = this.samples.findIndex(sample => sample.at >= oldest);
    if (kept > 0) this.samples.splice(0, kept);
    if (this.samples.length > WINDOW_SECONDS) this.samples.splice(0, this.samples.length - WINDOW_SECONDS);
  }

  #forget() {
    this.samples = [];
    this.#after = null;
  }
}

export const vitals = new Vitals();
