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
  #buttons = null;
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
    this.#buttons = null;
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

  /** The buttons stay the same ones: whoever stands on one, or comes back to it from a dialog, still does however the counters move. */
  #drawActions() {
    const { counts, liked, shared } = this.#post;
    this.#buttons ??= this.#makeActions();
    this.#buttons.like.show(counts.likes, liked ? 'Take the like back' : 'Like', liked);
    this.#buttons.comment.show(counts.comments, 'Comment');
    this.#buttons.share.show(counts.shares, shared ? 'Take the share back' : 'Share', shared);
    this.#buttons.likers.textContent = plural(counts.likes, 'like');
    this.#buttons.likers.hidden = !this.whole || counts.likes === 0;
  }

  #makeActions() {
    const { id } = this.#post;
    const buttons = {
      like: action('like', 'heart', () => setMark(id, 'like', !this.#post.liked)),
      comment: action('comment', 'comment', () => this.openComments()),
      share: action('share', 'share', () => setMark(id, 'share', !this.#post.shared)),
      likers: h('button', { type: 'button', class: 'link-button post-likers', on: { click: () => showLikers(id) } }),
    };
    replace(this.#actions, Object.values(buttons), whyButton(this.#post));
    return buttons;
  }
}

function action(name, drawing, run) {
  const words = h('span', { class: 'unseen' }), number = h('span', { class: 'action-count' });
  const button = h('button', { type: 'button', class: `action action-${name}`, data: { name }, on: { click: run } }, icon(drawing), words, ' ', number);
  return Object.assign(button, {
    show(count, label, pressed = null) {
      button.title = words.textContent = label;
      number.textContent = count > 0 ? short(count) : '';
      if (pressed !== null) button.setAttribute('aria-pressed', String(pressed));
    },
  });
}

customElements.define('post-card', PostCard);

/** @param whole the post stands alone: with all of its text, and its comments */
export function postCard(post, { whole = false } = {}) {
  posts.put(post.id, { ...posts.get(post.id), ...post });
  return Object.assign(h('post-card', { class: whole ? 'post post-whole' : 'post', data: { post: post.id } }), { whole });
}
