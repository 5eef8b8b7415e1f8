import { h, replace } from '../dom.js';

/** Shows a value of a shelf and goes on showing it as it changes, for as long as it is on the page. */
class WatchValue extends HTMLElement {
  #stop = null;

  connectedCallback() {
    this.#stop = this.shelf.watch(this.key, value => this.#show(value));
    this.#show(this.shelf.get(this.key));
  }

  disconnectedCallback() {
    this.#stop();
  }

  #show(value) {
    // Whoever stands on a button still stands on it when it has been drawn anew.
    const focused = this.contains(document.activeElement) ? document.activeElement.dataset.name : null;
    replace(this, this.draw(value));
    if (focused) (this.querySelector(`[data-name="${focused}"]`) ?? this.querySelector('button'))?.focus({ preventScroll: true });
  }
}

customElements.define('watch-value', WatchValue);

/** @param draw makes nodes of the value; its buttons carry `data-name` to keep the focus */
export function watching(shelf, key, draw) {
  return Object.assign(h('watch-value'), { shelf, key, draw });
}
