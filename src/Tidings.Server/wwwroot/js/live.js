import { api } from './api.js';
import { session } from './session.js';

// What happens while the page is open, over a WebSocket: `posted`, `edited`, `gone`, `counters` and `notification` events, their detail the frame
// as docs/live.md has it. A `gap` event says that something may have been missed: after a break, and now and then while no connection gets
// through. Whoever shows what could have changed asks for it then.

const WAIT_MIN_MS = 1_000, WAIT_MAX_MS = 60_000, WATCHED_MAX = 200, TELL_EVERY_MS = 1_000, GAP_AFTER_FAILURES = 2;

class Live extends EventTarget {
  #on = false;
  #socket = null;
  #turn = 0;
  #timer = 0;
  #failures = 0;
  #after = null;
  #watched = [];
  #telling = 0;

  start() {
    if (this.#on) return;
    this.#on = true;
    this.#connect();
  }

  stop() {
    this.#on = false;
    this.#turn++;
    clearTimeout(this.#timer);
    this.#socket?.close();
    this.#socket = this.#after = null;
    this.#failures = 0;
  }

  /** The posts on screen: their counters are told as they change. */
  watch(ids) {
    this.#watched = ids.slice(0, WATCHED_MAX);
    if (this.#telling) return;
    this.#telling = setTimeout(() => {
      this.#telling = 0;
      this.#tellWatched();
    }, TELL_EVERY_MS);
  }

  /** A ticket that comes after all was stopped is nobody's any more: whoever is here now has asked for their own. */
  async #connect() {
    const turn = this.#turn;
    try {
      const { ticket } = await api.liveTicket();
      if (turn === this.#turn) this.#open(ticket);
    } catch {
      if (turn === this.#turn) this.#again();
    }
  }

  #open(ticket) {
    const url = new URL('/v1/live', location.origin);
    url.protocol = location.protocol === 'https:' ? 'wss:' : 'ws:';
    url.searchParams.set('ticket', ticket);
    if (this.#after !== null) url.searchParams.set('after', this.#after);
    const socket = this.#socket = new WebSocket(url);
    socket.onmessage = event => this.#socket === socket && this.#take(JSON.parse(event.data));
    socket.onclose = () => this.#socket === socket && this.#again();
  }

  #take(frame) {
    this.#failures = 0;
    const isGap = frame.type === 'resync' || (frame.type === 'hello' && !frame.resumed && this.#after !== null);
    this.#after = frame.seq;
    if (frame.type === 'hello') this.#tellWatched();
    if (frame.type === 'bye') this.#leave(frame);
    else if (isGap) this.#mind();
    else this.dispatchEvent(new CustomEvent(frame.type, { detail: frame }));
  }

  #leave({ retry_ms: wait }) {
    if (wait === undefined) session.cut();
    else this.#again(wait);
  }

  /** Waits longer each time, and never as long as everybody else. */
  #again(wait = Math.min(WAIT_MAX_MS, WAIT_MIN_MS * 2 ** this.#failures++) * (0.5 + Math.random() / 2)) {
    this.#socket = null;
    if (!this.#on) return;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      if (this.#failures >= GAP_AFTER_FAILURES) this.#mind();
      this.#connect();
    }, wait);
  }

  #tellWatched() {
    if (this.#socket?.readyState === WebSocket.OPEN) this.#socket.send(JSON.stringify({ watch: this.#watched }));
  }

  #mind() {
    this.dispatchEvent(new Event('gap'));
  }
}

export const live = new Live();
