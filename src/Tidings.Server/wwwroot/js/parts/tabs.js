import { h } from '../dom.js';

/** Links between pages that belong together. Where not all have room the current one is in sight. @param pages [path, label] */
export function tabs(label, pages, current) {
  const bar = h('nav', { class: 'tabs', 'aria-label': label },
    pages.map(([path, name]) => h('a', { href: path, 'aria-current': path === current ? 'page' : null }, name)));
  new ResizeObserver((_, once) => {
    once.disconnect();
    const here = bar.querySelector('[aria-current]');
    if (here) bar.scrollLeft = here.offsetLeft - (bar.clientWidth - here.offsetWidth) / 2;
  }).observe(bar);
  return bar;
}

/** The head of a page: its heading, and what stands beside it. */
export const pageHead = (title, ...beside) => h('header', { class: 'page-head' }, h('div', { class: 'page-head-row' }, h('h1', {}, title), beside));
