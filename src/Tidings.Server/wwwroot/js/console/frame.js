import { h, replace } from '../dom.js';
import { icon } from '../drawing/icons.js';
import { wordmark } from '../drawing/wordmark.js';
import { reach } from '../http.js';
import { themeButton } from '../parts/theme-button.js';
import { key } from './key.js';
import { addressOf } from './router.js';
import { VIEWS } from './routes.js';

/** What stands around every view: where one is, where one can go, and the way out. */
export function frame() {
  const main = h('main', { id: 'main', class: 'console-main', tabindex: -1 });
  const tabs = h('nav', { class: 'console-tabs', 'aria-label': 'Console' },
    VIEWS.map(([view, title]) => h('a', { href: addressOf(view), data: { view } }, title)));
  const element = h('div', { class: 'console' },
    h('a', { class: 'skip', href: '#main', on: { click: event => { event.preventDefault(); main.focus(); } } }, 'Skip to the content'),
    h('header', { class: 'console-head' },
      h('a', { class: 'console-home', href: '/console', 'aria-label': 'Console, to the overview' }, wordmark(), h('span', { class: 'console-mark', 'aria-hidden': 'true' }, 'Console')),
      tabs,
      h('div', { class: 'console-head-end' }, themeButton(),
        h('button', { type: 'button', class: 'button', on: { click: () => key.forget('You have signed out.') } }, 'Sign out'))),
    away(), main);
  return {
    element,
    show(content, view) {
      replace(main, content);
      for (const tab of tabs.children) {
        if (tab.dataset.view === view) tab.setAttribute('aria-current', 'page');
        else tab.removeAttribute('aria-current');
      }
      tabs.querySelector('[aria-current]')?.scrollIntoView({ block: 'nearest', inline: 'nearest' });
      scrollTo({ top: 0, behavior: 'instant' });
      const heading = content.querySelector('h1');
      if (heading) heading.tabIndex = -1;
      heading?.focus({ preventScroll: true });
    },
  };
}

/** Says so while the server can't be reached: nothing on the page is of now then. */
function away() {
  const notice = h('div', { class: 'console-away', role: 'status', hidden: true });
  reach.addEventListener('reach', ({ detail: isReached }) => {
    if (notice.hidden === isReached) return;
    notice.hidden = isReached;
    replace(notice, isReached ? null : [icon('offline'), 'The server doesn’t answer. What you see is from before; it goes on when it is back.']);
  });
  return notice;
}
