import { h } from '../../dom.js';

/**
 * A table whose rows are laid out one under the other where there is no room for columns.
 * @param caption what it is, said to those who don't see it; `shown` to those who do, too
 * @param columns [title, kind]: the kind is a class of its cells, such as `number`
 * @param rows lists of cells; the first names the row
 */
export function table({ caption, shown = false, columns, rows }) {
  return h('table', { class: 'table table-stacks' },
    h('caption', { class: shown ? null : 'unseen' }, caption), heads(columns),
    h('tbody', {}, rows.map(cells => h('tr', {}, cells.map((cell, i) => {
      const [title, kind] = columns[i];
      return i === 0 ? h('th', { scope: 'row', class: kind || null }, cell) : h('td', { class: kind || null, data: { label: title } }, cell);
    })))));
}

/** The heads of columns; one without a title is told to those who don't see what is in it. */
export const heads = columns => h('thead', {}, h('tr', {}, columns.map(([title, kind, told]) =>
  h('th', { scope: 'col', class: kind || null }, title || h('span', { class: 'unseen' }, told)))));

/** Room for a table that can be wider than the page: it can be scrolled with the keys too. */
export const wide = (label, content) => h('div', { class: 'table-scroll', role: 'region', 'aria-label': label, tabindex: 0 }, content);
