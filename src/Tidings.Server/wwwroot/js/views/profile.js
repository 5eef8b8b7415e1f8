import { h, replace } from '../dom.js';
import { api } from '../api.js';
import { avatar } from '../drawing/avatar.js';
import { hueOf } from '../drawing/chance.js';
import { icon } from '../drawing/icons.js';
import { setTie } from '../engage.js';
import { openDialog } from '../parts/dialog.js';
import { endless } from '../parts/endless.js';
import { menuButton } from '../parts/menu.js';
import { followPart, friendPart } from '../parts/person.js';
import { postCard } from '../parts/post-card.js';
import { block, mute } from '../parts/post-menu.js';
import { richText } from '../parts/rich-text.js';
import { emptyState, postSkeletons, problemState } from '../parts/states.js';
import { watching } from '../parts/watching.js';
import { entitle } from '../router.js';
import { say } from '../say.js';
import { session } from '../session.js';
import { facts, ties } from '../state.js';
import { month, short } from '../time.js';

/** A person: who they are, what is between the two of you, what they posted. */
export function profileView(handle) {
  const element = h('div', { class: 'profile' });
  const view = { title: `@${handle}`, element };
  load();
  return view;

  async function load() {
    replace(element, h('h1', { class: 'unseen' }, `@${handle}`), postSkeletons(3));
    try {
      const person = await api.personByHandle(handle);
      if (person.tie) {
        ties.put(person.id, person.tie);
        api.viewed(person.id).catch(() => {});
      }
      replace(element, head(person), postsOf(person));
      entitle(view, person.name);
      element.querySelector('h1').tabIndex = -1;
    } catch (problem) {
      replace(element, problem.status === 404
        ? [h('h1', { class: 'unseen' }, `@${handle}`), emptyState('person', `No @${handle} here`, 'There is nobody of this name, or not for you.', h('a', { class: 'button', href: '/people' }, 'Find people'))]
        : problemState(problem, load));
    }
  }

  function head(person) {
    const isMe = person.id === session.personId;
    return h('header', { class: 'profile-head' },
      h('div', { class: 'profile-banner', 'aria-hidden': 'true', vars: { hue: hueOf(person.handle) } }),
      h('div', { class: 'profile-row' }, avatar(person, 'l'),
        h('div', { class: 'profile-actions' }, isMe ? ownActions(person) : watching(ties, person.id, tie => tieActions(person, tie)))),
      h('h1', {}, person.name),
      h('p', { class: 'profile-handle' }, h('span', { class: 'handle' }, `@${person.handle}`),
        !isMe && watching(ties, person.id, tie => tie?.followed_by && h('span', { class: 'badge' }, 'Follows you'))),
      person.bio !== '' && h('p', { class: 'profile-bio' }, richText(person.bio)),
      h('p', { class: 'profile-counts' },
        count(person, 'following', person.counts.following, 'Following'), count(person, 'followers', person.counts.followers, person.counts.followers === 1 ? 'Follower' : 'Followers'),
        count(person, 'friends', person.counts.friends, person.counts.friends === 1 ? 'Friend' : 'Friends'),
        h('span', {}, `Here since ${month(person.created_at)}`)));
  }

  function ownActions(person) {
    return [
      h('a', { class: 'icon-button', href: '/settings', 'aria-label': 'Settings' }, icon('gear')),
      h('button', { type: 'button', class: 'button', on: { click: () => editProfile(person, load) } }, 'Edit profile'),
    ];
  }
}

const count = (person, list, number, label) => h('a', { href: `/@${person.handle}/${list}` }, h('strong', {}, short(number)), ` ${label}`);

function tieActions(person, tie) {
  if (tie?.blocks) return h('button', { type: 'button', class: 'button button-danger', on: { click: () => setTie(person, 'blocks', false) } }, 'Unblock');
  return [
    menuButton(`More about ${person.name}`, () => {
      const now = ties.get(person.id) ?? {};
      return [
        now.friend && (now.close_friend
          ? { icon: 'star', label: 'No longer a close friend', run: () => setTie(person, 'close-friends', false) }
          : { icon: 'star', label: 'Make a close friend', run: () => setTie(person, 'close-friends', true) }),
        now.friend && { icon: 'people', label: 'End the friendship', run: () => setTie(person, 'friends', false) },
        now.mutes
          ? { icon: 'mute', label: 'Unmute', run: () => setTie(person, 'mutes', false, `${person.name} is no longer muted.`) }
          : { icon: 'mute', label: 'Mute', run: () => mute(person) },
        { icon: 'block', label: 'Block', danger: true, run: () => block(person) },
      ];
    }),
    friendPart(person, tie),
    followPart(person, tie),
  ];
}

function postsOf(person) {
  const isMe = person.id === session.personId;
  return endless(cursor => api.postsOf(person.id, cursor), post => postCard(post), {
    list: h('div', { class: 'posts', role: 'feed', 'aria-label': `Posts of ${person.name}` }), skeleton: postSkeletons, noun: 'posts',
    empty: () => emptyState('pen', 'Nothing posted yet', isMe ? 'Your first post will stand here.' : `${person.name} hasn’t posted anything that you may see.`),
  }).element;
}

function editProfile(person, done) {
  const name = h('input', { id: 'edit-name', value: person.name, maxlength: 80, required: true, autocomplete: 'name' });
  const bio = h('textarea', { id: 'edit-bio', rows: 4, maxlength: 500, value: person.bio });
  const problem = h('p', { class: 'form-problem', role: 'alert', hidden: true });
  const dialog = openDialog('Edit profile', h('form', { class: 'form', on: { submit: save } },
    h('div', { class: 'field' }, h('label', { for: 'edit-name' }, 'Name'), name),
    h('div', { class: 'field' }, h('label', { for: 'edit-bio' }, 'About you'), bio),
    problem,
    h('div', { class: 'dialog-foot' }, h('button', { type: 'submit', class: 'button button-strong' }, 'Save'))));
  name.focus();

  async function save(event) {
    event.preventDefault();
    try {
      facts.put('me', await api.editMe({ name: name.value, bio: bio.value }));
      dialog.close();
      say('Saved.');
      done();
    } catch (failure) {
      problem.textContent = failure.errors?.[0]?.rule ?? failure.message;
      problem.hidden = false;
    }
  }
}
