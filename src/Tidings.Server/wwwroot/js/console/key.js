// The operator's key. It is kept in sessionStorage: this tab knows it until it is closed or signs out, and no other does.

const NAME = 'tidings.admin-key';

class Key extends EventTarget {
  /** What the door says to who was here before. */
  farewell = null;

  get value() { return sessionStorage.getItem(NAME) || null; }

  take(value) {
    sessionStorage.setItem(NAME, value);
    this.farewell = null;
    this.dispatchEvent(new Event('change'));
  }

  /** @param farewell what the door says, if anything */
  forget(farewell = null) {
    if (this.value === null) return;
    sessionStorage.removeItem(NAME);
    this.farewell = farewell;
    this.dispatchEvent(new Event('change'));
  }
}

export const key = new Key();
