import { h } from '../dom.js';
import { icon } from '../drawing/icons.js';
import { KEYS, keys } from '../keyboard.js';
import { keyList } from '../parts/help.js';
import { download, erase } from '../parts/own-data.js';
import { pageHead } from '../parts/tabs.js';
import { watching } from '../parts/watching.js';
import { signOut } from '../sign-out.js';
import { facts } from '../state.js';
import { theme } from '../theme.js';

const THEMES = [['system', 'As the system', 'auto'], ['light', 'Light', 'sun'], ['dark', 'Dark', 'moon']];

/** How the page looks and listens, and the way out. */
export function settingsView() {
  return {
    title: 'Settings',
    element: h('div', { class: 'settings' }, pageHead('Settings'),
      part('Appearance', h('fieldset', { class: 'segments' }, h('legend', { class: 'unseen' }, 'Appearance'),
        THEMES.map(([value, label, drawing]) => h('label', { class: 'segment' },
          h('input', { type: 'radio', name: 'theme', value, checked: theme.chosen === value, on: { change: () => theme.choose(value) } }), icon(drawing), h('span', {}, label))))),
      keysPart(
        h('label', { class: 'check' }, h('input', { type: 'checkbox', checked: keys.areOn, on: { change: event => keys.set(event.target.checked) } }), 'Single keys act on the feed'),
        keyList(KEYS)),
      part('Account',
        watching(facts, 'me', me => me && h('p', {}, 'Signed in as ', h('a', { href: `/@${me.handle}` }, `@${me.handle}`), '.')),
        h('div', { class: 'button-row' }, h('button', { type: 'button', class: 'button', on: { click: signOut } }, 'Sign out'))),
      part('Your data',
        h('p', { class: 'quiet' }, 'All that you posted, liked and said is yours: take it along, or take it away.'),
        h('div', { class: 'button-row' },
          h('button', { type: 'button', class: 'button', on: { click: download } }, 'Download everything'),
          h('button', { type: 'button', class: 'button button-danger', on: { click: erase } }, 'Delete account')))),
  };
}

const keysPart = (...content) => h('section', { class: 'settings-part settings-keys' }, h('h2', {}, 'Keys'), content);

const part = (title, ...content) => h('section', { class: 'settings-part' }, h('h2', {}, title), content);
