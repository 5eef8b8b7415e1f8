// Which view is on the page. A view is {element, shown?(), hidden?()}: it is told when it comes and when it goes, and is made anew each time.

let outlet = null;

/** @param arrive told of the path to show */
export function start(arrive) {
  outlet = arrive;
  addEventListener('popstate', () => outlet(location.pathname));
  document.addEventListener('click', follow);
  outlet(location.pathname);
}

export function go(path) {
  if (path !== location.pathname) history.pushState(null, '', path);
  outlet(location.pathname);
}

function follow(event) {
  const link = event.target.closest?.('a[href]');
  if (!link || event.defaultPrevented || event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
  if (link.target || link.origin !== location.origin || link.hash || !/^\/console(\/|$)/.test(link.pathname)) return;
  event.preventDefault();
  go(link.pathname);
}

export const addressOf = (view, name = null) => ['/console', view, name && encodeURIComponent(name)].filter(Boolean).join('/');
