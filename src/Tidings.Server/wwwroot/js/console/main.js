import { h, replace } from '../dom.js';
import { emptyState } from '../parts/states.js';
import '../theme.js';
import { door } from './door.js';
import { frame } from './frame.js';
import { key } from './key.js';
import { start } from './router.js';
import { viewOf } from './routes.js';

const app = document.getElementById('app');
let around = null, current = null;

function arrive(path) {
  current?.hidden?.();
  current = null;
  if (key.value === null) {
    around = null;
    document.title = 'Console · Tidings';
    replace(app, door());
    app.querySelector('input').focus();
    return;
  }
  if (!around) {
    around = frame();
    replace(app, around.element);
  }
  const found = viewOf(path);
  current = found?.make() ?? lost();
  document.title = `${found?.title ?? 'Nothing here'} · Tidings console`;
  around.show(current.element, found?.view ?? null);
  current.shown?.();
}

const lost = () => ({
  element: h('div', {}, h('h1', { class: 'unseen' }, 'Nothing here'),
    emptyState('why', 'There is no such page', 'The address may be mistyped.', h('a', { class: 'button button-strong', href: '/console' }, 'To the overview'))),
});

key.addEventListener('change', () => arrive(location.pathname));
start(arrive);
