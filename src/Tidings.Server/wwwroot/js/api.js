import { request as send } from './http.js';
import { session } from './session.js';

// What the API offers, by name. docs/using.md says what each does.

/** As whoever is signed in. A session that the server knows no more is over here too. */
async function request(method, path, options) {
  const token = session.token;
  try {
    return await send(method, path, { ...options, token });
  } catch (problem) {
    if (problem.status === 401 && token && token === session.token) session.cut();
    throw problem;
  }
}

const get = (path, query) => request('GET', path, { query });
const put = (path, body) => request('PUT', path, { body });
const post = (path, body, headers) => request('POST', path, { body, headers });
const remove = path => request('DELETE', path);

/** A key under which a request can be sent again without being done again. */
const once = () => ({ 'Idempotency-Key': crypto.randomUUID?.() ?? Array.from(crypto.getRandomValues(new Uint32Array(4))).join('-') });

export const PAGE = 20, PAGE_MAX = 100;

/** The server says in the page whether it is a demo: only then are there people to be tried. */
const IS_DEMO = document.documentElement.hasAttribute('data-demo');

export const api = {
  signUp: (handle, name, password) => post('/people', { handle, name, password }),
  signIn: (handle, password) => post('/sessions', { handle, password }),
  signOut: () => remove('/sessions/current'),
  demoPeople: async () => IS_DEMO ? get('/demo') : { items: [] },
  demoSignIn: handle => post('/demo/sessions', { handle }),

  me: () => get('/me'),
  editMe: changes => request('PATCH', '/me', { body: changes }),
  exportMe: () => request('GET', '/me/export', { whole: true }),
  eraseMe: password => request('DELETE', '/me', { body: { password } }),
  person: id => get(`/people/${id}`),
  personByHandle: handle => get(`/people/by-handle/${encodeURIComponent(handle)}`),
  viewed: id => post(`/people/${id}/views`),
  postsOf: (id, cursor) => get(`/people/${id}/posts`, { limit: PAGE, cursor }),
  peopleOf: (id, list, cursor, limit = 50) => get(`/people/${id}/${list}`, { limit, cursor }),
  myPeople: (list, cursor, limit = 50) => get(`/me/${list}`, { limit, cursor }),

  tie: (kind, id) => put(`/me/${kind}/${id}`),
  untie: (kind, id) => remove(`/me/${kind}/${id}`),

  audiences: () => get('/me/audiences'),
  addAudience: name => post('/me/audiences', { name }),
  removeAudience: id => remove(`/me/audiences/${id}`),
  audienceMembers: (id, cursor) => get(`/me/audiences/${id}/members`, { limit: 50, cursor }),
  addMember: (id, person) => put(`/me/audiences/${id}/members/${person}`),
  removeMember: (id, person) => remove(`/me/audiences/${id}/members/${person}`),

  feed: (order, cursor, limit = PAGE) => get('/feed', { order, limit, cursor }),
  popular: limit => get('/popular', { limit }),
  why: id => get(`/feed/why/${id}`),
  seen: items => post('/feed/impressions', { items }),

  publish: (body, key) => post('/posts', body, key),
  post: id => get(`/posts/${id}`),
  edit: (id, version, changes) => request('PATCH', `/posts/${id}`, { body: changes, headers: { 'If-Match': `"${version}"` } }),
  removePost: id => remove(`/posts/${id}`),
  mark: (id, mark, on) => request(on ? 'PUT' : 'DELETE', `/posts/${id}/${mark}`),
  likers: (id, cursor) => get(`/posts/${id}/likes`, { limit: 50, cursor }),
  comments: (id, cursor) => get(`/posts/${id}/comments`, { limit: PAGE, cursor }),
  comment: (id, text, key) => post(`/posts/${id}/comments`, { text }, key),
  removeComment: (id, comment) => remove(`/posts/${id}/comments/${comment}`),

  notifications: cursor => get('/notifications', { limit: PAGE, cursor }),
  unread: () => get('/notifications/unread'),
  markRead: id => put('/notifications/read', { up_to: id }),

  liveTicket: () => post('/live/tickets'),
};

/** For one form: the same key for as long as the same is sent, so that sending it again after a broken connection never does it twice. */
export function keys() {
  let key = null, sent = null;
  return body => {
    const now = JSON.stringify(body);
    if (now !== sent) [key, sent] = [once(), now];
    return key;
  };
}
