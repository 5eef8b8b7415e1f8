import { h, replace } from '../dom.js';
import { avatar } from '../drawing/avatar.js';
import { icon } from '../drawing/icons.js';
import { whisper } from '../say.js';
import { plural } from '../time.js';

const FACES_MAX = 3;

/** "3 new posts", at the top of the feed: counts what has come since, and lets it in only when asked. */
export function newPostsPill(letIn) {
  let waiting = [];
  const button = h('button', { type: 'button', class: 'pill', hidden: true, on: { click: () => letIn() } });
  return {
    element: h('div', { class: 'pill-place' }, button),
    get isShown() { return waiting.length > 0; },
    get ids() { return waiting.map(post => post.id); },
    add(id, author) {
      if (waiting.some(post => post.id === id)) return;
      waiting.push({ id, author });
      draw();
      if (waiting.length === 1) whisper('There are new posts. Press the full stop to read them.');
    },
    remove(id) {
      waiting = waiting.filter(post => post.id !== id);
      draw();
    },
    clear() {
      waiting = [];
      draw();
    },
  };

  function draw() {
    button.hidden = waiting.length === 0;
    const faces = new Map(waiting.filter(post => post.author).map(post => [post.author.id, post.author]));
    replace(button, icon('up'),
      faces.size > 0 && h('span', { class: 'pill-faces', 'aria-hidden': 'true' }, [...faces.values()].slice(-FACES_MAX).map(person => avatar(person, 'xs'))),
      plural(waiting.length, 'new post'));
  }
}
