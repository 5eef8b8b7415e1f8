import { h } from '../dom.js';

/** Links between pages that belong together. @param pages [path, label] */
export const tabs = (label, pages, current) => h('nav', { class: 'tabs', 'aria-label': label },
  pages.map(([path, name]) => h('a', { href: path, 'aria-current': path === current ? 'page' : null }, name)));

/** The head of a page: its heading, and what stands beside it. */
export const pageHead = (title, ...beside) => h('header', { class: 'page-head' }, h('div', { class: 'page-head-row' }, h('h1', {}, title), beside));
