import { session } from './session.js';

// A view is {title, element, shown?(), hidden?()}. Those left lately are kept whole, with how far they were scrolled, so that going back is going
// back: the same posts at the same place.

const KEPT_MAX = 6, WANTED = 'tidings.wanted';

const kept = new Map();
let routes, outlet, current = null, currentKey = null, turn = 0;

/**
 * @param known which view an address shows, and whether it is a door: {viewOf(path), doorOf(path)}
 * @param mount puts a view's element on the page
 */
export function start(known, mount) {
  [routes, outlet] = [known, mount];
  history.scrollRestoration = 'manual';
  addEventListener('popstate', () => arrive(true));
  document.addEventListener('click', follow);
  history.replaceState({ key: newKey() }, '');
  arrive(false);
}

export function go(path) {
  if (path === location.pathname && current) {
    forget(currentKey);
    arrive(false);
    return;
  }
  history.pushState({ key: newKey() }, '', path);
  arrive(false);
}

/** Goes on without leaving the page that was, for redirections. */
export function redirect(path) {
  history.replaceState({ key: newKey() }, '', path);
  arrive(false);
}

/** Where someone wanted to go when they were asked to sign in. */
export function takeWanted() {
  const wanted = sessionStorage.getItem(WANTED) ?? '/';
  sessionStorage.removeItem(WANTED);
  return wanted;
}

/** Back, or to a page where there is nothing to go back to. */
export function back(otherwise = '/') {
  if (kept.size > 0) history.back();
  else go(otherwise);
}

/** What was kept is not for whoever comes next. */
export function forgetViews() {
  kept.clear();
  current = null;
}

/** A view learns its title when it has loaded. */
export function entitle(view, title) {
  view.title = title;
  if (view === current) document.title = titleOf(view);
}

function arrive(returning) {
  const path = location.pathname;
  if (!session.token && !routes.doorOf(path)) {
    sessionStorage.setItem(WANTED, path);
    return redirect('/sign-in');
  }
  if (session.token && routes.doorOf(path)) return redirect(takeWanted());
  leave();
  const key = history.state?.key ?? newKey();
  const old = returning ? kept.get(key) : null;
  kept.delete(key);
  current = old?.view ?? routes.viewOf(path);
  currentKey = key;
  outlet(current);
  document.title = titleOf(current);
  scrollTo({ top: old?.scrolled ?? 0, behavior: 'instant' });
  focus(old?.focused);
  current.shown?.();
}

function leave() {
  if (!current) return;
  current.hidden?.();
  const focused = current.element.contains(document.activeElement) ? document.activeElement : null;
  kept.set(currentKey, { view: current, scrolled: scrollY, focused });
  if (kept.size > KEPT_MAX) kept.delete(kept.keys().next().value);
}

function forget(key) {
  kept.delete(key);
  current.hidden?.();
  current = null;
}

/** Screen readers go on where the page does: at its heading, or at what was left. */
function focus(left) {
  const target = left?.isConnected ? left : current.element.querySelector('h1');
  if (target && !target.hasAttribute('tabindex') && target.tagName === 'H1') target.tabIndex = -1;
  target?.focus({ preventScroll: true });
}

function follow(event) {
  const link = event.target.closest?.('a[href]');
  if (!link || event.defaultPrevented || event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
  if (link.target || link.origin !== location.origin || link.hasAttribute('download') || link.hash) return;
  event.preventDefault();
  go(link.pathname);
}

const newKey = () => `${Date.now()}-${turn++}`;

const titleOf = view => view.title ? `${view.title} · Tidings` : 'Tidings';
