import { api } from '../api.js';
import { setHidden, setTie } from '../engage.js';
import { say, sayProblem } from '../say.js';
import { session } from '../session.js';
import { posts, ties } from '../state.js';
import { compose } from './composer.js';
import { confirm } from './dialog.js';
import { menuButton } from './menu.js';

/** What else can be done with a post: one's own is edited and deleted, others' hidden, their author muted or blocked. */
export function postMenu(post) {
  const { author } = post;
  return menuButton(`More about the post of ${author.name}`, () => author.id === session.personId
    ? [
      { icon: 'pen', label: 'Edit', run: () => compose(posts.get(post.id) ?? post) },
      { icon: 'link', label: 'Copy the address', run: () => copy(post) },
      { icon: 'bin', label: 'Delete', danger: true, run: () => remove(post) },
    ]
    : [
      { icon: 'hide', label: 'Hide this post', run: () => setHidden(post.id, true) },
      { icon: 'link', label: 'Copy the address', run: () => copy(post) },
      ties.get(author.id)?.follows === false
        ? { icon: 'person', label: `Follow @${author.handle}`, run: () => setTie(author, 'following', true) }
        : { icon: 'person', label: `Unfollow @${author.handle}`, run: () => setTie(author, 'following', false, `You no longer follow ${author.name}.`) },
      { icon: 'mute', label: `Mute @${author.handle}`, run: () => mute(author) },
      { icon: 'block', label: `Block @${author.handle}`, danger: true, run: () => block(author) },
    ]);
}

export async function mute(person) {
  if (await setTie(person, 'mutes', true)) {
    say(`${person.name} is muted.`, { label: 'Undo', run: () => setTie(person, 'mutes', false) });
    dropPostsOf(person);
  }
}

export async function block(person) {
  const sure = await confirm(`Block ${person.name}?`, 'Neither of you sees anything of the other any more. Follows and friendship end.', 'Block');
  if (sure && await setTie(person, 'blocks', true, `${person.name} is blocked.`)) dropPostsOf(person);
}

/** Takes the posts of a person off the page, where they are not the page's subject. */
function dropPostsOf(person) {
  for (const card of document.querySelectorAll('[data-feed] post-card')) {
    if (posts.get(card.dataset.post)?.author.id === person.id) card.remove();
  }
}

async function remove(post) {
  if (!await confirm('Delete this post?', 'It goes from every feed at once, and can’t be brought back.', 'Delete')) return;
  try {
    await api.removePost(post.id);
    posts.drop(post.id);
    say('Post deleted.');
  } catch (problem) {
    sayProblem(`The post was not deleted: ${problem.message}`);
  }
}

async function copy(post) {
  try {
    await navigator.clipboard.writeText(`${location.origin}/posts/${post.id}`);
    say('Address copied.');
  } catch {
    sayProblem('This browser doesn’t let the page copy.');
  }
}
