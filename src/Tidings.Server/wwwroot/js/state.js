// What the page knows and more than one part of it shows: a change made in one place is seen in all.

/** Values by key, and who watches them. At most `max` are kept: of those nobody watches, the one touched longest ago goes first. */
class Shelf {
  #values = new Map();
  #watchers = new Map();
  #max;

  constructor(max) {
    this.#max = max;
  }

  get(key) { return this.#values.get(key); }

  put(key, value) {
    this.#values.delete(key);
    this.#values.set(key, value);
    this.#trim();
    for (const tell of this.#watchers.get(key) ?? []) tell(value);
    return value;
  }

  /** Changes some members of a value that is here. */
  patch(key, changes) {
    const value = this.get(key);
    return value && this.put(key, { ...value, ...changes });
  }

  /** The value is gone for good: null is what stands there from now on, also for whoever looks again later. */
  drop(key) {
    this.put(key, null);
  }

  /** @returns a function that ends the watching */
  watch(key, tell) {
    if (!this.#watchers.has(key)) this.#watchers.set(key, new Set());
    const watchers = this.#watchers.get(key).add(tell);
    return () => {
      watchers.delete(tell);
      if (watchers.size === 0) this.#watchers.delete(key);
    };
  }

  clear() {
    this.#values.clear();
  }

  #trim() {
    if (this.#values.size <= this.#max) return;
    for (const key of this.#values.keys()) {
      if (this.#watchers.has(key)) continue;
      this.#values.delete(key);
      return;
    }
  }
}

/** Posts by id, as the API tells them. */
export const posts = new Shelf(2_000);

/** What is between the reader and a person, by the person's id. */
export const ties = new Shelf(1_000);

/** Few and single: `me` (the reader's profile), `unread` (how many notifications). */
export const facts = new Shelf(16);

export function forgetAll() {
  posts.clear();
  ties.clear();
  facts.clear();
}
