import { h, replace } from '../dom.js';
import { setHidden, setMark } from '../engage.js';
import { avatar } from '../drawing/avatar.js';
import { linkCard, media } from '../drawing/artwork.js';
import { icon } from '../drawing/icons.js';
import { go } from '../router.js';
import { posts } from '../state.js';
import { fullTime, plural, short, timeAgo } from '../time.js';
import { commentsOf } from './comments.js';
import { showLikers } from './likers.js';
import { onScreen } from './on-screen.js';
import { pathOf } from './person.js';
import { postMenu } from './post-menu.js';
import { beginning, richText, withoutLastAddress } from './rich-text.js';
import { noSuchPost } from './states.js';
import { whyButton } from './why.js';

/** Longer texts are folded in lists, and so are taller ones. */
const FOLDED_CHARS = 560, FOLDED_LINES = 14, LABEL_CHARS = 80;

const AUDIENCES = {
  public: ['globe', 'Everybody can see this'], friends: ['people', 'Friends can see this'], custom: ['lists', 'People on a list can see this'],
};

/** A post, wherever it is shown. It follows what happens to the post for as long as it is on the page. */
class PostCard extends HTMLElement {
  #stop = null;
  #post = null;
  #body = h('div', { class: 'post-main' });
  #actions = h('div', { class: 'post-actions' });
  #comments = null;
  #built = false;

  connectedCallback() {
    this.#stop = posts.watch(this.dataset.post, post => this.#show(post));
    this.#build();
    const known = posts.get(this.dataset.post);
    this.#show(known === undefined ? this.#post : known);
    if (this.isConnected) onScreen.add(this);
  }

  disconnectedCallback() {
    this.#stop();
    onScreen.remove(this);
  }

  /** What a key does to the post that has the focus. */
  act(name) {
    if (name === 'open') go(`/posts/${this.#post.id}`);
    else if (name === 'comment') this.openComments();
    else setMark(this.#post.id, name, !this.#post[name === 'like' ? 'liked' : 'shared']);
  }

  openComments() {
    if (!this.#comments) {
      this.#comments = commentsOf(this.#post);
      this.append(this.#comments);
      this.#drawActions();
    }
    this.#comments.querySelector('textarea').focus({ preventScroll: this.whole });
  }

  #build() {
    if (this.#built) return;
    this.#built = true;
    this.setAttribute('role', 'article');
    this.tabIndex = 0;
    this.append(this.#body, this.#actions);
  }

  #show(post) {
    if (!post) {
      if (this.whole) this.replaceWith(noSuchPost());
      else this.remove();
      return;
    }
    const before = this.#post;
    this.#post = post;
    if (post.hidden) return this.#fold();
    if (!before || before.hidden || before.version !== post.version || before.author.name !== post.author.name) this.#drawBody();
    this.#drawActions();
    if (this.whole && !this.#comments) {
      this.#comments = commentsOf(post);
      this.append(this.#comments);
    }
  }

  #fold() {
    this.#comments?.remove();
    this.#comments = null;
    replace(this.#actions);
    replace(this.#body, h('p', { class: 'post-hidden' }, `A post by ${this.#post.author.name} is hidden.`,
      h('button', { type: 'button', class: 'link-button', on: { click: () => setHidden(this.#post.id, false) } }, 'Show it again')));
  }

  #drawBody() {
    const { id, author, type, text, media_ids: ids, audience, created_at: created, edited_at: edited } = this.#post;
    const [mark, label] = AUDIENCES[audience];
    const words = type === 'link' ? withoutLastAddress(text) : text;
    this.setAttribute('aria-label', `${author.name}: ${beginning(text, LABEL_CHARS)}`);
    replace(this.#body,
      h('header', { class: 'post-head' },
        h('a', { class: 'post-avatar', href: pathOf(author), tabindex: -1, 'aria-hidden': 'true' }, avatar(author)),
        h('div', { class: 'post-names' },
          h('a', { class: 'post-author', href: pathOf(author) }, author.name),
          h('span', { class: 'handle' }, `@${author.handle}`)),
        h('div', { class: 'post-when' },
          h('a', { href: `/posts/${id}` }, timeAgo(created)),
          edited && h('span', { title: fullTime(edited) }, 'edited'),
          audience !== 'public' && h('span', { class: 'post-audience', role: 'img', 'aria-label': label, title: label }, icon(mark))),
        postMenu(this.#post)),
      words !== '' && this.#words(words),
      ids.length > 0 && media(type, ids),
      type === 'link' && linkCard(text));
  }

  #words(text) {
    const first = this.whole ? text : beginning(text, FOLDED_CHARS, FOLDED_LINES);
    if (first.length === text.length) return h('p', { class: this.whole ? 'post-text post-text-whole' : 'post-text' }, richText(text));
    const words = h('p', { class: 'post-text' }, richText(`${first}…`), ' ',
      h('button', { type: 'button', class: 'link-button', on: { click: () => replace(words, richText(text)) } }, 'Read on'));
    return words;
  }

  #drawActions() {
    const { id, counts, liked, shared } = this.#post;
    const focused = this.#actions.contains(document.activeElement) ? document.activeElement.dataset.name : null;
    replace(this.#actions,
      action('like', 'heart', counts.likes, liked, liked ? 'Take the like back' : 'Like', () => setMark(id, 'like', !this.#post.liked)),
      action('comment', 'comment', counts.comments, null, 'Comment', () => this.openComments()),
      action('share', 'share', counts.shares, shared, shared ? 'Take the share back' : 'Share', () => setMark(id, 'share', !this.#post.shared)),
      this.whole && counts.likes > 0 && h('button', { type: 'button', class: 'link-button post-likers', on: { click: () => showLikers(id) } }, plural(counts.likes, 'like')),
      whyButton(this.#post));
    if (focused) this.#actions.querySelector(`[data-name="${focused}"]`)?.focus({ preventScroll: true });
  }
}

function action(name, drawing, count, pressed, label, run) {
  return h('button', {
    type: 'button', class: `action action-${name}`, data: { name }, 'aria-pressed': pressed === null ? null : String(pressed),
    title: label, on: { click: run },
  }, icon(drawing), h('span', { class: 'unseen' }, label), ' ', h('span', { class: 'action-count' }, count > 0 ? short(count) : ''));
}

customElements.define('post-card', PostCard);

/** @param whole the post stands alone: with all of its text, and its comments */
export function postCard(post, { whole = false } = {}) {
  posts.put(post.id, { ...posts.get(post.id), ...post });
  return Object.assign(h('post-card', { class: whole ? 'post post-whole' : 'post', data: { post: post.id } }), { whole });
}
