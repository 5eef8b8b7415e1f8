import { h, replace } from '../dom.js';
import { whisper } from '../say.js';
import { problemState } from './states.js';

/** How far below the screen the next page is asked for. */
const AHEAD = '1200px';

/**
 * A list that goes on as it is scrolled. What is shown stays where it is: pages are added at the end only.
 * @param load the cursor (null at first) → {items, next_cursor}
 * @param draw an item → its element, or several
 * @param options.list the element that the items go into; options.skeleton drawn while the first page loads; options.empty drawn where there
 *   is nothing; options.end drawn under the last; options.onPage told of each page, before its items are drawn
 */
export function endless(load, draw, { list = h('div'), skeleton, empty, end = null, onPage, noun = 'items' }) {
  const foot = h('div', { class: 'endless-foot' });
  const sentinel = h('div', { class: 'endless-sentinel' });
  const element = h('div', { class: 'endless' }, list, foot, sentinel);
  const observer = new IntersectionObserver(seen => seen.some(entry => entry.isIntersecting) && more(), { rootMargin: `${AHEAD} 0px` });
  let cursor = null, state = 'idle', pages = 0, turn = 0;

  // A list without anything in it is none: screen readers pass over it.
  list.hidden = true;
  replace(foot, skeleton());
  more();
  observer.observe(sentinel);
  new MutationObserver(lastIsGone).observe(list, { childList: true });
  return { element, again, addFirst };

  async function more() {
    if (state !== 'idle') return;
    state = 'loading';
    const mine = turn;
    list.setAttribute('aria-busy', 'true');
    if (pages > 0) replace(foot, h('p', { class: 'endless-more' }, 'Loading more…'));
    try {
      const page = await load(cursor);
      if (mine !== turn) return;
      if (pages === 0) list.replaceChildren();
      pages++;
      cursor = page.next_cursor;
      onPage?.(page, pages);
      list.append(...page.items.flatMap(draw));
      list.hidden = list.childElementCount === 0;
      state = cursor === null ? 'ended' : 'idle';
      replace(foot, state === 'idle' ? null : list.hidden ? empty() : end?.());
      if (pages > 1) whisper(`${page.items.length} more ${noun}`);
    } catch (problem) {
      if (mine !== turn) return;
      if (pages === 0) list.replaceChildren();
      list.hidden = list.childElementCount === 0;
      state = 'failed';
      replace(foot, problemState(problem, problem.code === 'cursor_expired' ? again : retry));
    }
    list.removeAttribute('aria-busy');
    // The observer tells of changes only: a page too short to push the sentinel away is none.
    if (state === 'idle') {
      observer.unobserve(sentinel);
      observer.observe(sentinel);
    }
  }

  function retry() {
    state = 'idle';
    replace(foot, pages === 0 && list.hidden ? skeleton() : null);
    more();
  }

  /** From the beginning. What is shown stays until its successor is there; a page that is on its way comes to nothing. */
  function again() {
    turn++;
    cursor = null;
    pages = 0;
    retry();
  }

  /** Something new, before all that is shown. */
  function addFirst(item) {
    list.prepend(draw(item));
    if (list.hidden && state === 'ended') replace(foot, end?.());
    list.hidden = false;
  }

  function lastIsGone() {
    if (state !== 'ended' || list.hidden || list.childElementCount > 0) return;
    list.hidden = true;
    replace(foot, empty());
  }
}
