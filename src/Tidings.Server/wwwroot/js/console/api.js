import { request as send } from '../http.js';
import { key } from './key.js';

// What the operator can ask for, by name. A key that the server takes no longer is forgotten here too.

async function request(method, path, options) {
  const token = key.value;
  try {
    return await send(method, `/admin${path}`, { ...options, token });
  } catch (problem) {
    if (problem.status === 401 && token && token === key.value) key.forget('The key is no longer valid. Sign in again.');
    throw problem;
  }
}

const get = (path, query) => request('GET', path, { query });
const put = (path, body) => request('PUT', path, { body });
const post = (path, body) => request('POST', path, { body });
const remove = path => request('DELETE', path);
const part = encodeURIComponent;

export const api = {
  /** Asks with a key that isn't taken yet. */
  tryKey: value => send('GET', '/admin/status', { token: value }),
  status: () => get('/status'),
  vitals: after => get('/vitals', { after }),
  authorCosts: limit => get('/authors/costs', { limit }),

  person: id => get(`/people/${part(id)}`),
  personByHandle: handle => get(`/people/by-handle/${part(handle)}`),
  feedOf: (person, limit) => get(`/people/${part(person)}/feed`, { limit }),

  why: (person, id) => get(`/people/${part(person)}/feed/why/${part(id)}`),

  startAudit: audit => post('/audits', audit),
  audit: id => get(`/audits/${part(id)}`),
  cancelAudit: id => remove(`/audits/${part(id)}`),
  repair: id => post(`/audits/${part(id)}/repair`),

  ranking: () => get('/ranking'),
  setRanking: profile => put('/ranking', profile),

  experiments: () => get('/experiments'),
  startExperiment: experiment => post('/experiments', experiment),
  stopExperiment: name => post(`/experiments/${part(name)}/stop`),
  experimentReport: name => get(`/experiments/${part(name)}/report`),

  model: () => get('/model'),
  putModel: (file, name) => request('PUT', '/model', { file, query: { name } }),
  rollBackModel: () => post('/model/rollback'),
  putShadow: (file, name, every) => request('PUT', '/model/shadow', { file, query: { name, every } }),
  dropShadow: () => remove('/model/shadow'),

  keys: () => get('/keys'),
  makeKey: name => post('/keys', { name }),
  revokeKey: id => remove(`/keys/${part(id)}`),
  addPerson: person => post('/people', person),
  erasePerson: id => remove(`/people/${part(id)}`),
};
