import { h } from '../dom.js';
import { openDialog } from './dialog.js';

export const keyList = keys => h('dl', { class: 'keys' }, keys.map(([key, what]) => h('div', {}, h('dt', {}, h('kbd', {}, key)), h('dd', {}, what))));

export function showHelp(keys) {
  openDialog('Keys', keyList(keys));
}
