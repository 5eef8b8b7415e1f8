// The moment that all plots point at: so many seconds ago, or none. One for the page, so that a spike is seen in every plot at once.

class Crosshair extends EventTarget {
  #ago = null;

  /** Seconds ago; null while nothing is pointed at. */
  get ago() { return this.#ago; }

  point(ago) {
    if (ago === this.#ago) return;
    this.#ago = ago;
    this.dispatchEvent(new Event('move'));
  }
}

export const crosshair = new Crosshair();
