import { h } from '../dom.js';
import { api, PAGE, PAGE_MAX } from '../api.js';
import { avatar } from '../drawing/avatar.js';
import { icon } from '../drawing/icons.js';
import { live } from '../live.js';
import { compose, published } from '../parts/composer.js';
import { endless } from '../parts/endless.js';
import { newPostsPill } from '../parts/pill.js';
import { popular } from '../parts/popular.js';
import { postCard } from '../parts/post-card.js';
import { emptyState, postSkeletons } from '../parts/states.js';
import { watching } from '../parts/watching.js';
import { session } from '../session.js';
import { facts } from '../state.js';

/** The feed: ranked, or the latest first. @param order ranked or latest */
export function feedView(order) {
  const list = h('div', { class: 'posts', role: 'feed', 'aria-label': order === 'ranked' ? 'Your feed, ranked' : 'Your feed, latest first', data: { feed: order } });
  const pill = newPostsPill(letIn);
  const authors = new Map();
  let announced = new Set();
  let caughtUp = false, newest = null, wasHidden = false;
  const pages = endless(load, draw, {
    list, skeleton: postSkeletons, noun: 'posts', onPage: taken, empty,
    end: () => h('p', { class: 'feed-end' }, h('span', {}, 'That is everything. All the way down.')),
  });
  const view = {
    title: order === 'ranked' ? 'Feed' : 'Latest',
    element: h('div', { class: 'feed' },
      h('header', { class: 'page-head' },
        h('div', { class: 'page-head-row' }, h('h1', {}, order === 'ranked' ? 'For you' : 'Latest'), orderSwitch(order))),
      pill.element, prompt(), pages.element),
    shown() {
      listen(true);
      if (wasHidden) lookForNewer();
    },
    hidden() {
      listen(false);
      wasHidden = true;
    },
    showNew: letIn,
  };
  return view;

  /**
   * What is newest may stand anywhere in a ranked feed. It is asked for, or all that stands further down would count as new later; and what was
   * announced stands first, the newest on top, or who pressed "3 new posts" would have to look for them.
   */
  async function load(cursor) {
    if (cursor !== null || order !== 'ranked') return api.feed(order, cursor);
    const wanted = announced.size === 0 ? 1 : Math.min(PAGE_MAX, PAGE + announced.size);
    const latest = api.feed('latest', null, wanted).catch(() => ({ items: [] }));
    const page = await api.feed(order, cursor);
    const { items } = await latest;
    for (const { id } of items) know(id);
    return { ...page, first: items.filter(post => announced.has(post.id)) };
  }

  /** A page has come: its posts are known, and if the reader has seen the rest before, a line says so. */
  function taken(page, number) {
    if (number === 1) {
      caughtUp = false;
    }
    for (const { id, author } of page.items) {
      know(id);
      authors.set(author.id, author);
    }
    const at = page.caught_up_at;
    if (at !== null && at !== undefined && !caughtUp) {
      caughtUp = true;
      page.items[at] = { ...page.items[at], caughtUp: number === 1 && at === 0 ? 'You are all caught up' : 'You have seen what follows' };
    }
    const { first = [] } = page;
    page.items = [...first, ...page.items.filter(post => !first.some(({ id }) => id === post.id))];
  }

  function draw(post) {
    // One's own, just written, is on top already.
    if (list.querySelector(`[data-post="${post.id}"]`)) return [];
    return post.caughtUp ? [h('p', { class: 'feed-line' }, h('span', {}, post.caughtUp)), postCard(post)] : postCard(post);
  }

  function letIn() {
    if (!pill.isShown) return;
    announced = new Set(pill.ids);
    pill.clear();
    scrollTo({ top: 0, behavior: matchMedia('(prefers-reduced-motion: reduce)').matches ? 'instant' : 'smooth' });
    pages.again();
  }

  function listen(on) {
    const change = on ? 'addEventListener' : 'removeEventListener';
    live[change]('posted', posted);
    live[change]('gone', gone);
    live[change]('gap', lookForNewer);
    published[change]('published', mine);
  }

  function posted({ detail: { post, author } }) {
    if (author === session.personId || list.querySelector(`[data-post="${post}"]`)) return;
    know(post);
    pill.add(post, authors.get(author));
  }

  /** Ids rise with time: what is newer than the newest that is known was missed. */
  function know(id) {
    if (newest === null || BigInt(id) > BigInt(newest)) newest = id;
  }

  /** What came while nobody told: behind the pill like all that is new. */
  async function lookForNewer() {
    if (newest === null) return;
    const { items } = await api.feed('latest', null).catch(() => ({ items: [] }));
    const missed = items.filter(post => BigInt(post.id) > BigInt(newest));
    for (const { id, author } of missed.reverse()) {
      authors.set(author.id, author);
      posted({ detail: { post: id, author: author.id } });
    }
  }

  function gone({ detail: { post } }) {
    pill.remove(post);
  }

  /** One's own post is on top at once. */
  function mine({ detail: post }) {
    pages.addFirst(post);
    know(post.id);
    scrollTo({ top: 0 });
  }

  function empty() {
    return h('div', {},
      emptyState('feed', 'Quiet waters', 'Nobody whom you follow has posted yet. Find people, follow them, and their news comes here.',
        h('a', { class: 'button button-strong', href: '/people' }, 'Find people')),
      popular());
  }
}

function orderSwitch(order) {
  const link = (path, name, label) => h('a', { href: path, 'aria-current': name === order ? 'page' : null }, label);
  return h('nav', { class: 'switch', 'aria-label': 'Order of the feed' }, link('/', 'ranked', 'Ranked'), link('/latest', 'latest', 'Latest'));
}

function prompt() {
  return h('button', { type: 'button', class: 'prompt', on: { click: () => compose() } }, watching(facts, 'me', me => me && avatar(me)), h('span', {}, 'What’s the news?'), icon('pen'));
}
