import { h, replace } from '../dom.js';
import { icon } from '../drawing/icons.js';
import { theme } from '../theme.js';

/** One press changes between light and dark; the settings know more. */
export function themeButton() {
  const button = h('button', { type: 'button', class: 'icon-button side-theme', on: { click: () => theme.choose(theme.isDark ? 'light' : 'dark') } });
  const draw = () => {
    button.setAttribute('aria-label', theme.isDark ? 'Light colours' : 'Dark colours');
    replace(button, icon(theme.isDark ? 'sun' : 'moon'));
  };
  document.addEventListener('theme', draw);
  draw();
  return button;
}
