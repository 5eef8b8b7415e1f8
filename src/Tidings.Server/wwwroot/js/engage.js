import { api } from './api.js';
import { say, sayProblem, whisper } from './say.js';
import { posts, ties } from './state.js';

// What a reader does to posts and people is shown at once and sent behind it; when the server refuses, the page goes back and says why.

const MARKS = {
  like: { flag: 'liked', count: 'likes', on: 'Liked', off: 'Like taken back' },
  share: { flag: 'shared', count: 'shares', on: 'Shared', off: 'No longer shared' },
};

/** Requests about one post or person, one after the other: so the last thing clicked is the last thing the server hears. */
const lanes = new Map();

function inLane(key, work) {
  const lane = lanes.get(key) ?? { tail: Promise.resolve(), waiting: 0 };
  lanes.set(key, lane);
  lane.waiting++;
  const isLast = () => lane.waiting === 1;
  lane.tail = lane.tail.then(() => work(isLast)).finally(() => {
    if (--lane.waiting === 0) lanes.delete(key);
  });
  return lane.tail;
}

/** @param name like or share */
export function setMark(id, name, on) {
  const mark = MARKS[name];
  show(id, mark, on);
  whisper(on ? mark.on : mark.off);
  return inLane(`post ${id}`, async isLast => {
    try {
      const now = await api.mark(id, name, on);
      // With more on its way this answer is older than what is shown.
      if (isLast()) posts.patch(id, { counts: now.counts, liked: now.liked, shared: now.shared });
    } catch (problem) {
      show(id, mark, !on);
      sayProblem(`That didn’t work: ${problem.message}`);
    }
  });
}

function show(id, mark, on) {
  const post = posts.get(id);
  if (!post || post[mark.flag] === on) return;
  posts.patch(id, { [mark.flag]: on, counts: { ...post.counts, [mark.count]: post.counts[mark.count] + (on ? 1 : -1) } });
}

/** Hides a post from one's feed; whoever shows it folds it away. */
export function setHidden(id, hidden) {
  posts.patch(id, { hidden });
  if (hidden) say('Hidden. You will see less like this.', { label: 'Undo', run: () => setHidden(id, false) });
  return inLane(`post ${id}`, () => api.mark(id, 'hide', hidden).catch(problem => {
    posts.patch(id, { hidden: !hidden });
    sayProblem(`That didn’t work: ${problem.message}`);
  }));
}

/** What each kind of tie looks like until the server has answered. */
const AHEAD = {
  following: on => ({ follows: on }),
  mutes: on => ({ mutes: on }),
  blocks: on => on
    ? { blocks: true, follows: false, followed_by: false, friend: false, close_friend: false, request_sent: false, request_received: false }
    : { blocks: false },
  'close-friends': on => ({ close_friend: on }),
  friends: (on, tie) => !on ? { friend: false, close_friend: false, request_sent: false, request_received: false }
    : tie.request_received ? { friend: true, request_received: false, follows: true, followed_by: true } : { request_sent: true },
};

/** @param kind following, friends, close-friends, mutes or blocks */
export function setTie(person, kind, on, done = null) {
  const before = ties.get(person.id);
  if (before) ties.put(person.id, { ...before, ...AHEAD[kind](on, before) });
  if (done) say(done);
  return inLane(`person ${person.id}`, async isLast => {
    try {
      const now = await (on ? api.tie(kind, person.id) : api.untie(kind, person.id));
      if (isLast()) ties.put(person.id, now);
      return true;
    } catch (problem) {
      if (before) ties.put(person.id, before);
      sayProblem(`That didn’t work: ${problem.message}`);
      return false;
    }
  });
}
