import { h, replace } from '../../dom.js';
import { complainTo, field } from '../../parts/field.js';
import { emptyState, problemState } from '../../parts/states.js';
import { sayProblem, whisper } from '../../say.js';
import { api } from '../api.js';
import { completenessOf, outcome, running } from '../parts/audit-outcome.js';
import { poll } from '../parts/poll.js';

const EVERY_MS = 500, READERS_DEFAULT = 1_000;

/** Whether the inboxes hold what a fresh pull would give, and mending those that don't. */
export function auditView() {
  const result = h('div', { class: 'audit-result' });
  let current = null, asked = null, progress = null, isNone = false;
  const asking = poll(load, EVERY_MS);
  return {
    element: h('div', { class: 'audit narrow' },
      h('div', { class: 'view-head' }, h('h1', {}, 'Audit'),
        h('p', { class: 'quiet about' }, 'Compares inboxes with what a fresh pull from the authors’ timelines would give. Readers don’t notice.')),
      form(begun), result),
    shown: asking.begin,
    hidden: asking.end,
  };

  async function load() {
    if (isNone || (current !== null && current.state !== 'running')) return;
    try {
      show(await api.audit(current?.id ?? 'current'));
    } catch (problem) {
      isNone = problem.status === 404;
      replace(result, isNone ? emptyState('check', 'No audit yet', 'Start one: it takes some seconds.') : problemState(problem, asking.now));
    }
  }

  function begun(audit, request) {
    asked = request;
    isNone = false;
    progress = null;
    show(audit);
    asking.now();
  }

  function show(audit) {
    const before = current;
    current = audit;
    if (audit.state === 'running') {
      if (progress === null) {
        progress = running(audit, cancel);
        replace(result, progress.element);
      }
      progress.tell(audit);
      return;
    }
    progress = null;
    if (before?.id === audit.id && before.state === audit.state && before.readers_repaired === audit.readers_repaired && result.querySelector('.audit-outcome')) return;
    if (before?.state === 'running') whisper(`The audit is ${audit.state}. Completeness ${completenessOf(audit)}.`);
    replace(result, outcome(audit, { repair, again }));
  }

  async function cancel() {
    try {
      show(await api.cancelAudit(current.id));
    } catch (problem) {
      sayProblem(`That didn’t work: ${problem.message}`);
    }
  }

  async function repair() {
    try {
      show(await api.repair(current.id));
    } catch (problem) {
      sayProblem(`That didn’t work: ${problem.message}`);
    }
  }

  /** The same readers where they were named, as many where they were drawn. */
  async function again() {
    const request = asked ?? { readers: current.readers_asked };
    try {
      begun(await api.startAudit({ ...request, repair: false }), request);
    } catch (problem) {
      sayProblem(`That didn’t work: ${problem.message}`);
    }
  }
}

function form(begun) {
  const readers = field('audit-readers', 'How many readers', { inputmode: 'numeric', value: String(READERS_DEFAULT), maxlength: 6 }, '1 to 10,000, drawn from those who were here lately.');
  const ids = field('audit-ids', 'Or these', { autocomplete: 'off', placeholder: '7, 42' }, 'Ids, with commas between, at most 1,000.');
  const repair = h('input', { type: 'checkbox' });
  const problem = h('p', { class: 'form-problem', role: 'alert', hidden: true });
  const start = h('button', { type: 'submit', class: 'button button-strong' }, 'Start an audit');
  return h('form', { class: 'card audit-form', novalidate: true, on: { submit } },
    h('div', { class: 'fields' }, readers.element, ids.element),
    h('label', { class: 'check' }, repair, 'Repair at once what lacks something'), problem, h('div', { class: 'button-row' }, start));

  async function submit(event) {
    event.preventDefault();
    for (const one of [readers, ids]) one.complain(null);
    problem.hidden = true;
    const named = ids.value.split(',').map(id => id.trim()).filter(Boolean);
    const drawn = Number(readers.value);
    if (named.length === 0 && !Number.isFinite(drawn)) {
      readers.complain('A number from 1 to 10,000.');
      return readers.focus();
    }
    const request = named.length > 0 ? { ids: named } : { readers: drawn };
    start.disabled = true;
    try {
      begun(await api.startAudit({ ...request, repair: repair.checked }), request);
    } catch (failure) {
      complainTo({ readers, ids }, problem, failure);
    } finally {
      start.disabled = false;
    }
  }
}
