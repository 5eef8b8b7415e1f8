// Who is signed in. The token is kept in localStorage, so that a link opened in another tab is signed in too; ARCHITECTURE.md says why that is no
// weaker here than a cookie. Signing out in one tab signs out all.

const KEY = 'tidings.session';

class Session extends EventTarget {
  #kept = read();

  /** What the sign-in page says to who was here before. */
  farewell = null;
  wasCut = false;

  constructor() {
    super();
    addEventListener('storage', event => {
      if (event.key !== KEY) return;
      const before = this.#kept?.personId;
      this.#kept = read();
      if (before !== this.#kept?.personId) this.#tell(null);
    });
  }

  get token() { return this.#kept?.token ?? null; }

  get personId() { return this.#kept?.personId ?? null; }

  /** Takes what the API answered to a sign-in. */
  begin({ token, person_id: personId, expires_at: expiresAt }) {
    this.#kept = { token, personId, expiresAt };
    localStorage.setItem(KEY, JSON.stringify(this.#kept));
    this.wasCut = false;
    this.#tell(null);
  }

  /** The server has ended it: who signs in again goes on where they are. */
  cut() {
    if (!this.#kept) return;
    this.wasCut = true;
    this.end('Your session has ended. Sign in again.');
  }

  /** @param why what the sign-in page says, if anything */
  end(why = null) {
    // Another tab may have heard of it from the server first, and have taken the token away: what is said here still counts.
    this.#kept = null;
    localStorage.removeItem(KEY);
    this.#tell(why);
  }

  #tell(why) {
    this.farewell = why;
    this.dispatchEvent(new Event('change'));
  }
}

function read() {
  const kept = JSON.parse(localStorage.getItem(KEY) ?? 'null');
  return kept && Date.parse(kept.expiresAt) > Date.now() ? kept : null;
}

export const session = new Session();
