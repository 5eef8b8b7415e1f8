import { h } from '../../dom.js';
import { avatar } from '../../drawing/avatar.js';
import { addressOf } from '../router.js';

/** Who somebody is: leads to their feed. */
export const personLink = person => h('a', { class: 'who', href: addressOf('reader', person.id) },
  avatar(person, 'xs'), h('span', { class: 'who-name' }, person.name), ' ', h('span', { class: 'handle' }, `@${person.handle}`));
