import { api } from './api.js';
import { live } from './live.js';
import { session } from './session.js';

/** Ends the session here whatever the server says: a token that could not be taken back ends by itself. */
export async function signOut() {
  // Or else the server's goodbye on it comes first, and reads as if it had ended the session on its own.
  live.stop();
  await api.signOut().catch(() => {});
  session.end('You have signed out.');
}
