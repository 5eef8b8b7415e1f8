/** Why a request failed: the server's problem document, or that no answer came. */
export class Problem extends Error {
  constructor({ status = 0, code = 'unreachable', detail, errors = [], retryAfter = null }) {
    super(detail);
    Object.assign(this, { status, code, errors, retryAfter });
  }

  /** What the server says about one field of a form. */
  about(field) {
    return this.errors.find(error => error.field === field)?.rule ?? null;
  }
}

/** Longer than any answer takes that still comes. */
const ANSWER_MAX_MS = 30_000, FILE_MAX_MS = 600_000;

/** Told of whether answers come: `reach` events with `detail` true or false. */
export const reach = new EventTarget();

/**
 * One request to the API. `query` members that are null are left out. `token`: who asks, if anybody. `file`: a body that is sent as it is.
 * `whole`: the answer is taken as a file, not as JSON.
 */
export async function request(method, path, { query = {}, token = null, body, file, headers = {}, whole = false } = {}) {
  const url = new URL(`/v1${path}`, location.origin);
  for (const [name, value] of Object.entries(query)) {
    if (value !== null && value !== undefined) url.searchParams.set(name, value);
  }
  if (token) headers = { ...headers, Authorization: `Bearer ${token}` };
  if (body !== undefined) headers = { ...headers, 'Content-Type': 'application/json' };
  if (file) headers = { ...headers, 'Content-Type': 'application/octet-stream' };

  const options = { method, headers, body: body === undefined ? file : JSON.stringify(body) };
  const { answer, content } = await send(url, options, whole, file || whole ? FILE_MAX_MS : ANSWER_MAX_MS);
  if (answer.ok) return content;

  const told = content ?? {};
  throw new Problem({
    status: answer.status, code: told.code, errors: told.errors,
    detail: told.detail ?? `The server answered ${answer.status}.`, retryAfter: answer.headers.get('Retry-After'),
  });
}

/** The answer and what is in it, or no answer: one that stops half-way is none. */
async function send(url, options, whole, patienceMs) {
  const patience = new AbortController();
  const timer = setTimeout(() => patience.abort(), patienceMs);
  try {
    const answer = await fetch(url, { ...options, cache: 'no-store', credentials: 'omit', redirect: 'error', signal: patience.signal });
    const content = await read(answer, whole);
    reach.dispatchEvent(new CustomEvent('reach', { detail: true }));
    return { answer, content };
  } catch {
    reach.dispatchEvent(new CustomEvent('reach', { detail: false }));
    throw new Problem({ detail: 'The server can’t be reached.' });
  } finally {
    clearTimeout(timer);
  }
}

/** Null where there is nothing, and where a server in between says in words of its own that it failed. */
async function read(answer, whole) {
  if (answer.ok && whole) return answer.blob();
  const text = await answer.text();
  try {
    return text === '' ? null : JSON.parse(text);
  } catch (problem) {
    if (answer.ok) throw problem;
    return null;
  }
}
