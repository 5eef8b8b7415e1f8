import { h, replace } from '../../dom.js';
import { avatar } from '../../drawing/avatar.js';
import { icon } from '../../drawing/icons.js';
import { amount, count } from '../../figures.js';
import { field } from '../../parts/field.js';
import { emptyState, problemState, rowSkeletons } from '../../parts/states.js';
import { plural, timeAgo } from '../../time.js';
import { api } from '../api.js';
import { explainButton, showWhy } from '../parts/explain.js';
import { addressOf, go } from '../router.js';

const FEED_MAX = 50;

const UNRANKED = { model_server_away: 'the model server was away', model_failed: 'the model failed' };

/** What a reader sees just now, and why. @param id of the reader; null to choose one */
export function readerView(id) {
  const content = h('div', { class: id === null ? 'reader' : 'reader reader-known' });
  const view = h('div', {}, h('div', { class: 'view-head' }, h('h1', {}, 'A reader'), finder()), content);
  return { element: view, shown: () => id === null ? choose() : load() };

  function choose() {
    replace(content, emptyState('person', 'Whose feed?', 'Find somebody by handle or id: you see what they would see just now, and they don’t notice.'));
  }

  async function load() {
    replace(content, rowSkeletons());
    try {
      const [person, feed] = await Promise.all([api.person(id), api.feedOf(id, FEED_MAX)]);
      replace(content, h('div', { class: 'reader-aside' }, about(person, load), ask(person)), feedOf(person, feed));
    } catch (problem) {
      replace(content, problem.status === 404 ? emptyState('person', 'Nobody', `There is nobody with the id ${id}.`) : problemState(problem, load));
    }
  }
}

/** By handle, or by id where it is a number and no handle. */
function finder() {
  const input = h('input', { id: 'reader-name', type: 'search', placeholder: '@handle or id', autocomplete: 'off', autocapitalize: 'none', spellcheck: 'false', maxlength: 40 });
  const problem = h('p', { class: 'form-problem', role: 'alert', hidden: true });
  return h('form', { class: 'finder', role: 'search', 'aria-label': 'Find a reader', on: { submit } },
    h('label', { for: 'reader-name', class: 'unseen' }, 'Handle or id of a reader'),
    h('span', { class: 'finder-field' }, icon('search'), input), h('button', { type: 'submit', class: 'button' }, 'Look'), problem);

  async function submit(event) {
    event.preventDefault();
    const text = input.value.trim();
    const handle = text.replace(/^@/, '').toLowerCase();
    problem.hidden = true;
    if (handle === '') return;
    try {
      go(addressOf('reader', (await find(text, handle)).id));
    } catch (failure) {
      problem.textContent = failure.status === 404 ? `There is nobody called ${text}.` : failure.message;
      problem.hidden = false;
    }
  }

  async function find(text, handle) {
    try {
      return await api.personByHandle(handle);
    } catch (failure) {
      if (failure.status === 404 && /^\d+$/.test(text)) return await api.person(text);
      throw failure;
    }
  }
}

function about(person, again) {
  const { following, followers, friends } = person.counts;
  return h('section', { class: 'card' },
    h('div', { class: 'reader-who' }, avatar(person), h('div', {}, h('h2', {}, person.name), h('p', { class: 'quiet' }, `@${person.handle}, id ${person.id}`))),
    h('p', { class: 'quiet' }, `Follows ${count(following)}, followed by ${count(followers)}, ${plural(friends, 'friend')}.`),
    h('div', { class: 'button-row' }, h('button', { type: 'button', class: 'button', on: { click: again } }, 'Look again')));
}

/** Why, or why not, for any post: also one that isn't there. */
function ask(person) {
  const post = field('why-post', 'Id of a post', { inputmode: 'numeric', autocomplete: 'off', maxlength: 20, required: true });
  return h('form', { class: 'card why-form', novalidate: true, on: { submit } }, h('h2', {}, 'Why, or why not?'),
    h('p', { class: 'quiet' }, 'Any post: also one that isn’t there.'), post.element, h('button', { type: 'submit', class: 'button' }, 'Explain'));

  async function submit(event) {
    event.preventDefault();
    const id = post.value.trim();
    post.complain(id === '' ? 'The id is needed: it stands in the address of the post.' : null);
    if (id === '') return post.focus();
    try {
      showWhy(person, id, await api.why(person.id, id));
    } catch (problem) {
      post.complain(problem.about('post') ?? problem.message);
      post.focus();
    }
  }
}

function feedOf(person, feed) {
  if (feed.items.length === 0) return emptyState('feed', 'An empty feed', `Nobody whom ${person.name} follows has posted what they may see.`);
  return h('section', { class: 'card' },
    h('div', { class: 'card-head' }, h('h2', {}, `The feed of ${person.name}`),
      h('p', { class: 'quiet' }, `The first ${count(feed.items.length)}, as they would be just now. `,
        feed.quality === 'unranked' && `Not ranked by the model: ${UNRANKED[feed.quality_reason] ?? feed.quality_reason}.`)),
    h('ol', { class: 'slots' }, feed.items.map((post, i) => slot(person, post, i + 1))));
}

function slot(person, post, rank) {
  const { likes, comments, shares } = post.counts;
  return h('li', { class: 'slot', data: { post: post.id } },
    h('span', { class: 'slot-rank', 'aria-label': `Number ${rank}` }, String(rank)),
    avatar(post.author, 's'),
    h('div', { class: 'slot-words' },
      h('p', { class: 'slot-head' }, h('strong', {}, post.author.name), ' ', h('span', { class: 'handle' }, `@${post.author.handle}`), ' ', h('span', { class: 'quiet' }, timeAgo(post.created_at))),
      h('p', { class: 'slot-text' }, post.text === '' ? `(${post.type}, no text)` : post.text),
      h('p', { class: 'slot-facts' }, `${plural(likes, 'like')}, ${plural(comments, 'comment')}, ${plural(shares, 'share')}. Score `, h('strong', {}, amount(post.score)), '. Id ', post.id)),
    explainButton(person, post.id, ['Why', h('span', { class: 'unseen' }, ` number ${rank}`)]));
}
