import { api } from './api.js';
import { session } from './session.js';

/** Ends the session here whatever the server says: a token that could not be taken back ends by itself. */
export async function signOut() {
  await api.signOut().catch(() => {});
  session.end('You have signed out.');
}
