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

  const answer = await send(url, { method, headers, body: body === undefined ? file : JSON.stringify(body) });
  if (answer.ok) return whole ? answer.blob() : answer.status === 204 ? null : answer.json();

  const told = await answer.json().catch(() => ({}));
  throw new Problem({
    status: answer.status, code: told.code, errors: told.errors,
    detail: told.detail ?? `The server answered ${answer.status}.`, retryAfter: answer.headers.get('Retry-After'),
  });
}

async function send(url, options) {
  try {
    const answer = await fetch(url, { ...options, cache: 'no-store', credentials: 'omit', redirect: 'error' });
    reach.dispatchEvent(new CustomEvent('reach', { detail: true }));
    return answer;
  } catch {
    reach.dispatchEvent(new CustomEvent('reach', { detail: false }));
    throw new Problem({ detail: 'The server can’t be reached.' });
  }
}
