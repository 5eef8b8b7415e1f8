import { h } from '../dom.js';
import { icon } from '../drawing/icons.js';

let made = 0;

/**
 * A dialog over the page: takes the focus, keeps it, and gives it back. Gone from the page once closed.
 * @param kind '' in the middle of the page, 'sheet' at its side
 */
export function openDialog(title, content, { kind = '', onClose } = {}) {
  const id = `dialog-${++made}`;
  const before = document.activeElement, within = before?.closest('post-card, watch-value');
  const dialog = h('dialog', { class: `dialog ${kind && `dialog-${kind}`}`, 'aria-labelledby': id },
    h('header', { class: 'dialog-head' },
      h('h2', { id }, title),
      h('button', { type: 'button', class: 'icon-button', 'aria-label': 'Close', on: { click: () => dialog.close() } }, icon('close'))),
    h('div', { class: 'dialog-body' }, content));
  dialog.addEventListener('click', event => {
    if (event.target === dialog) dialog.close();
  });
  dialog.addEventListener('close', () => {
    dialog.remove();
    // The next dialog may be open before this one hears that it is closed; and what it was opened from may have been drawn anew meanwhile.
    const back = before?.isConnected ? before : within?.querySelector(`[data-name="${before.dataset.name}"]`);
    if (!document.querySelector('dialog[open]')) back?.focus({ preventScroll: true });
    onClose?.();
  });
  for (const closed of document.querySelectorAll('dialog:not([open])')) closed.remove();
  document.body.append(dialog);
  dialog.showModal();
  return dialog;
}

/** Asks before something that can't be undone. */
export function confirm(title, text, action) {
  return new Promise(resolve => {
    let answer = false;
    const say = value => () => { answer = value; dialog.close(); };
    const dialog = openDialog(title, [
      h('p', {}, text),
      h('div', { class: 'dialog-foot' },
        h('button', { type: 'button', class: 'button', on: { click: say(false) } }, 'Cancel'),
        h('button', { type: 'button', class: 'button button-danger', on: { click: say(true) } }, action)),
    ], { onClose: () => resolve(answer) });
  });
}
