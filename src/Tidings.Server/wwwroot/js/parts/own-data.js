import { h } from '../dom.js';
import { api } from '../api.js';
import { live } from '../live.js';
import { sayProblem } from '../say.js';
import { session } from '../session.js';
import { facts } from '../state.js';
import { openDialog } from './dialog.js';

/** Takes everything that is one's own along, as a file with a JSON object on each line. */
export async function download() {
  try {
    const address = URL.createObjectURL(await api.exportMe());
    const link = h('a', { href: address, download: `tidings-${facts.get('me')?.handle ?? 'me'}.ndjson` });
    link.click();
    URL.revokeObjectURL(address);
  } catch (problem) {
    sayProblem(`That didn’t work: ${problem.message}`);
  }
}

/** Asks for the password, and then everything of one's own is gone for good. */
export function erase() {
  const password = h('input', { id: 'erase-password', type: 'password', autocomplete: 'current-password', required: true });
  const problem = h('p', { class: 'form-problem', role: 'alert', hidden: true });
  const dialog = openDialog('Delete your account?', h('form', { class: 'form', on: { submit } },
    h('p', {}, 'Your posts, comments, likes, lists and ties go with it, from every feed at once. Nothing of it can be brought back.'),
    h('div', { class: 'field' }, h('label', { for: 'erase-password' }, 'Your password'), password),
    problem,
    h('div', { class: 'dialog-foot' },
      h('button', { type: 'button', class: 'button', on: { click: () => dialog.close() } }, 'Cancel'),
      h('button', { type: 'submit', class: 'button button-danger' }, 'Delete for good'))));
  password.focus();

  async function submit(event) {
    event.preventDefault();
    try {
      await api.eraseMe(password.value);
    } catch (failure) {
      problem.textContent = failure.message;
      problem.hidden = false;
      return;
    }
    live.stop();
    dialog.close();
    session.end('Your account is gone. Farewell.');
  }
}
