import { api } from './api.js';
import { session } from './session.js';

// What happens while the page is open. Where the server has live updates they come over a WebSocket; where it has none, or they can't get
// through, the newest posts are asked for now and then. Either way: `posted`, `edited`, `gone`, `counters`, `notification` and `resync` events.

const ASK_EVERY_MS = 30_000, WAIT_MIN_MS = 1_000, WAIT_MAX_MS = 60_000, WATCHED_MAX = 200, ASKED_FOR = 20;

class Live extends EventTarget {
  #socket = null;
  #timer = 0;
  #failures = 0;
  #after = null;
  #watched = [];
  #newest = null;
  #on = false;

  start() {
    if (this.#on) return;
    this.#on = true;
    this.#connect();
  }

  stop() {
    this.#on = false;
    clearTimeout(this.#timer);
    this.#socket?.close();
    this.#socket = null;
    this.#after = null;
    this.#newest = null;
    this.#failures = 0;
  }

  /** Whose counters are told: the posts on screen. */
  watch(ids) {
    this.#watched = ids.slice(0, WATCHED_MAX);
    this.#tellWatched();
  }

  /** The newest post that the page shows: asking finds those after it. */
  shows(id) {
    if (this.#newest === null || BigInt(id) > BigInt(this.#newest)) this.#newest = id;
  }

  async #connect() {
    if (!this.#on) return;
    let ticket;
    try {
      ({ ticket } = await api.liveTicket());
    } catch (problem) {
      if (problem.isUnknownRoute) this.#ask();
      else this.#again();
      return;
    }
    if (this.#on) this.#open(ticket);
  }

  #open(ticket) {
    const url = new URL('/v1/live', location.origin);
    url.protocol = location.protocol === 'https:' ? 'wss:' : 'ws:';
    url.searchParams.set('ticket', ticket);
    if (this.#after !== null) url.searchParams.set('after', this.#after);
    const socket = this.#socket = new WebSocket(url);
    socket.onmessage = event => this.#take(JSON.parse(event.data));
    socket.onclose = () => {
      if (this.#socket === socket) this.#again();
    };
  }

  #take(frame) {
    this.#failures = 0;
    if (frame.seq !== undefined && frame.seq !== null) this.#after = frame.seq;
    if (frame.type === 'hello') this.#tellWatched();
    else this.dispatchEvent(new CustomEvent(frame.type, { detail: frame }));
  }

  /** Waits longer each time, and never as long as everybody else. */
  #again() {
    if (!this.#on) return;
    this.#socket = null;
    const wait = Math.min(WAIT_MAX_MS, WAIT_MIN_MS * 2 ** this.#failures++) * (0.5 + Math.random() / 2);
    this.#timer = setTimeout(() => this.#connect(), wait);
  }

  #tellWatched() {
    if (this.#socket?.readyState === WebSocket.OPEN) this.#socket.send(JSON.stringify({ watch: this.#watched }));
  }

  #ask() {
    this.#timer = setTimeout(async () => {
      if (!document.hidden && this.#newest !== null) await this.askNow();
      if (this.#on) this.#ask();
    }, ASK_EVERY_MS);
  }

  /** Asks for the newest posts, and tells of those that are newer than all the page shows. */
  async askNow() {
    try {
      const { items } = await api.feed('latest', null, ASKED_FOR);
      const newer = items.filter(post => BigInt(post.id) > BigInt(this.#newest) && post.author.id !== session.personId);
      if (items.length > 0) this.shows(items[0].id);
      for (const post of newer.reverse()) {
        this.dispatchEvent(new CustomEvent('posted', { detail: { type: 'posted', post: post.id, author: post.author.id } }));
      }
    } catch {
      // The page says that the server can't be reached; the next turn asks again.
    }
  }
}

export const live = new Live();
