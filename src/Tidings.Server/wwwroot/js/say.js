import { h } from './dom.js';
import { icon } from './drawing/icons.js';

// What the page tells on its own: short messages, seen and spoken.

const SHOWN_MS = 6_000, SHOWN_MAX = 3;

/** Spoken by screen readers when they are done with what they say. */
export function whisper(text) {
  speak('polite', text);
}

/** A message at the foot of the page. `undo`: {label, run}. */
export function say(text, undo = null) {
  toast(text, 'note', undo);
  speak('polite', text);
}

/** Something went wrong, and what was shown ahead of the answer has been put back. */
export function sayProblem(text) {
  toast(text, 'problem', null);
  speak('urgent', text);
}

function toast(text, kind, undo) {
  const shelf = document.getElementById('toasts');
  const close = () => element.remove();
  const element = h('div', { class: `toast toast-${kind}` },
    h('p', {}, text),
    undo && h('button', { type: 'button', class: 'toast-undo', on: { click: () => { close(); undo.run(); } } }, undo.label),
    h('button', { type: 'button', class: 'icon-button', 'aria-label': 'Close the message', on: { click: close } }, icon('close')));
  while (shelf.children.length >= SHOWN_MAX) shelf.firstElementChild.remove();
  shelf.append(element);
  wait();

  // Stays while someone is about to use it.
  function wait() {
    setTimeout(() => element.matches(':hover, :focus-within') ? wait() : close(), SHOWN_MS);
  }
}

/** What was said of an attempt doesn't stand beside the next one. What can still be undone stays. */
document.addEventListener('submit', () => document.querySelectorAll('.toast:not(:has(.toast-undo))').forEach(toast => toast.remove()), true);

function speak(id, text) {
  const region = document.getElementById(id);
  // The same words again are spoken only if they are new to the region.
  region.textContent = '';
  requestAnimationFrame(() => { region.textContent = text; });
}
