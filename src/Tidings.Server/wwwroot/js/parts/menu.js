import { h } from '../dom.js';
import { icon } from '../drawing/icons.js';

/**
 * A button that opens a menu. The entries are asked for when it opens: {icon, label, run, danger}; null ones are left out.
 */
export function menuButton(label, entriesOf) {
  const button = h('button', { type: 'button', class: 'icon-button', data: { name: 'more' }, 'aria-label': label, 'aria-haspopup': 'menu', 'aria-expanded': 'false' }, icon('more'));
  let menu = null;

  button.addEventListener('click', () => menu ? close() : open());
  button.addEventListener('keydown', event => {
    if (event.key === 'ArrowDown' && !menu) {
      event.preventDefault();
      open();
    }
  });
  return button;

  function open() {
    menu = h('div', { class: 'menu', role: 'menu', 'aria-label': label, popover: 'manual', on: { keydown } },
      entriesOf().filter(Boolean).map(entry => h('button', {
        type: 'button', role: 'menuitem', tabindex: -1, class: entry.danger ? 'menu-item menu-danger' : 'menu-item',
        on: { click: () => { close(); entry.run(); } },
      }, icon(entry.icon), entry.label)));
    button.after(menu);
    menu.showPopover();
    place();
    button.setAttribute('aria-expanded', 'true');
    menu.firstElementChild?.focus({ preventScroll: true });
    document.addEventListener('pointerdown', outside, true);
    addEventListener('scroll', close, { once: true, passive: true });
  }

  function close(refocus = true) {
    if (!menu) return;
    document.removeEventListener('pointerdown', outside, true);
    removeEventListener('scroll', close);
    const had = menu.contains(document.activeElement);
    menu.remove();
    menu = null;
    button.setAttribute('aria-expanded', 'false');
    if (had && refocus) button.focus({ preventScroll: true });
  }

  function outside(event) {
    if (!menu.contains(event.target) && !button.contains(event.target)) close(false);
  }

  function keydown(event) {
    const items = [...menu.children], at = items.indexOf(document.activeElement);
    const to = { ArrowDown: at + 1, ArrowUp: at - 1 + items.length, Home: 0, End: items.length - 1 }[event.key];
    if (to !== undefined) {
      event.preventDefault();
      items[to % items.length].focus();
    } else if (event.key === 'Escape' || event.key === 'Tab') {
      if (event.key === 'Escape') event.preventDefault();
      event.stopPropagation();
      close();
    }
  }

  function place() {
    const at = button.getBoundingClientRect(), size = menu.getBoundingClientRect(), room = 8;
    const below = at.bottom + size.height + room < innerHeight;
    menu.style.left = `${Math.max(room, at.right - size.width)}px`;
    menu.style.top = `${below ? at.bottom + 4 : Math.max(room, at.top - size.height - 4)}px`;
  }
}
