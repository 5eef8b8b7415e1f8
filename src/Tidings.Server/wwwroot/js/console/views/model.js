import { h, replace } from '../../dom.js';
import { amount, count, percent } from '../../figures.js';
import { confirm } from '../../parts/dialog.js';
import { complainTo, field } from '../../parts/field.js';
import { problemState, rowSkeletons } from '../../parts/states.js';
import { say, sayProblem } from '../../say.js';
import { api } from '../api.js';
import { poll } from '../parts/poll.js';

const EVERY_MS = 5_000, EVERY_BATCHES = 20;

const nameOf = model => [h('strong', {}, model.name), ' ', h('code', {}, model.version)];

/** Which model ranks, another one, back, and one in the shadow. */
export function modelView() {
  const figures = h('div', { class: 'model' });
  let told = '';
  const asking = poll(load, EVERY_MS);
  return {
    element: h('div', { class: 'narrow' }, h('div', { class: 'view-head' }, h('h1', {}, 'Model')), figures, upload(taken)),
    shown() {
      replace(figures, rowSkeletons(2));
      asking.begin();
    },
    hidden: asking.end,
  };

  async function load() {
    try {
      taken(await api.model());
    } catch (problem) {
      told = '';
      replace(figures, problemState(problem, asking.now));
    }
  }

  function taken(model) {
    if (told === (told = JSON.stringify(model))) return;
    replace(figures, h('div', { class: 'cards' }, ranks(model, rollBack), model.server && asked(model.server), shadow(model.shadow, drop)));
  }

  async function rollBack() {
    if (!await confirm('Back to the model before?', 'It ranks from the next page on.', 'Roll back')) return;
    await act(async () => taken(await api.rollBackModel()), 'The model before ranks again.');
  }

  async function drop() {
    await act(async () => {
      await api.dropShadow();
      taken(await api.model());
    }, 'There is no shadow any more.');
  }
}

async function act(work, done) {
  try {
    await work();
    say(done);
  } catch (problem) {
    sayProblem(`That didn’t work: ${problem.message}`);
  }
}

const ranks = ({ current, previous }, rollBack) => h('section', { class: 'card' }, h('h2', {}, 'Ranks'),
  h('p', {}, current ? nameOf(current) : 'No model: the first pass ranks.'),
  h('p', { class: 'quiet' }, previous ? ['Before it: ', nameOf(previous)] : 'None was before it.'),
  previous && h('div', { class: 'button-row' }, h('button', { type: 'button', class: 'button', on: { click: rollBack } }, 'Roll back')));

const asked = ({ model, address, away }) => h('section', { class: 'card' }, h('h2', {}, 'Model server'),
  h('p', {}, h('strong', {}, model), ' at ', h('code', {}, address)),
  h('p', { class: away ? 'form-problem' : 'quiet' }, away ? 'It failed too often and is left alone just now: the model here stands in.' : 'It is asked first.'));

function shadow(model, drop) {
  if (!model) return h('section', { class: 'card' }, h('h2', {}, 'In the shadow'), h('p', { class: 'quiet' }, 'None. A model in the shadow scores some batches beside the one that ranks, and is only counted.'));
  const fact = (label, value) => h('div', {}, h('dt', {}, label), h('dd', {}, value));
  return h('section', { class: 'card' }, h('h2', {}, 'In the shadow'), h('p', {}, nameOf(model)),
    h('dl', { class: 'facts' },
      fact('Scores one batch of', count(model.every)), fact('Batches', count(model.batches)), fact('Candidates', count(model.candidates)),
      fact('Failures', count(model.failures)), fact('Scores differ by', amount(model.mean_difference)), fact('First ten in common', percent(model.top_kept))),
    h('div', { class: 'button-row' }, h('button', { type: 'button', class: 'button', on: { click: drop } }, 'No shadow any more')));
}

/** A file becomes the model that ranks, or its shadow. */
function upload(taken) {
  const file = field('model-file', 'File', { type: 'file', required: true }, 'ONNX, LightGBM text or XGBoost JSON.');
  const name = field('model-name', 'Name', { autocomplete: 'off', maxlength: 80 }, 'Where the file names none.');
  const every = field('model-every', 'Scores one batch of', { inputmode: 'numeric', value: String(EVERY_BATCHES), maxlength: 7 }, '1 to 1,000,000.');
  const problem = h('p', { class: 'form-problem', role: 'alert', hidden: true });
  const place = (value, label, checked) => h('label', { class: 'segment' }, h('input', { type: 'radio', name: 'model-place', value, checked, on: { change: () => { every.element.hidden = value === 'ranks'; } } }), h('span', {}, label));
  const places = h('fieldset', { class: 'segments' }, h('legend', { class: 'unseen' }, 'What it is to do'), place('shadow', 'In the shadow', true), place('ranks', 'Rank from the next page on', false));
  const send = h('button', { type: 'submit', class: 'button button-strong' }, 'Put it in');
  return h('form', { class: 'card', novalidate: true, on: { submit } }, h('h2', {}, 'Another model'),
    h('div', { class: 'form' }, h('div', { class: 'fields' }, file.element, name.element, every.element), places, problem), h('div', { class: 'button-row' }, send));

  async function submit(event) {
    event.preventDefault();
    for (const one of [file, name, every]) one.complain(null);
    problem.hidden = true;
    const [chosen] = file.input.files;
    if (!chosen) {
      file.complain('Choose a file.');
      return file.focus();
    }
    send.disabled = true;
    try {
      const called = name.value.trim() || chosen.name;
      const isShadow = places.querySelector(':checked').value === 'shadow';
      taken(await (isShadow ? api.putShadow(chosen, called, every.value.trim() || null) : api.putModel(chosen, called)));
      say(isShadow ? 'It scores in the shadow.' : 'It ranks from the next page on.');
    } catch (failure) {
      complainTo({ every, file }, problem, failure.code === 'model_refused' ? { errors: [{ field: 'file', rule: failure.message }] } : failure);
    } finally {
      send.disabled = false;
    }
  }
}
