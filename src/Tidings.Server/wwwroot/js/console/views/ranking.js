import { h, replace } from '../../dom.js';
import { fade } from '../../drawing/fade.js';
import { icon } from '../../drawing/icons.js';
import { confirm } from '../../parts/dialog.js';
import { complainTo } from '../../parts/field.js';
import { problemState, rowSkeletons } from '../../parts/states.js';
import { say, sayProblem } from '../../say.js';
import { api } from '../api.js';
import { PRESETS, settingFields } from '../parts/settings.js';
import { addressOf } from '../router.js';

/** How everybody's feed is ranked, and otherwise from now on. */
export function rankingView() {
  const content = h('div', { class: 'ranking' });
  return { element: h('div', {}, h('div', { class: 'view-head' }, h('h1', {}, 'Ranking'), h('p', { class: 'quiet about' }, 'What is changed here holds for everybody, from the next page on.')), content), shown: load };

  async function load() {
    replace(content, rowSkeletons());
    try {
      draw(await api.ranking());
    } catch (problem) {
      replace(content, problemState(problem, load));
    }
  }

  function draw({ profile, preset, model, experiment }) {
    const curve = h('div', { class: 'fade-place' });
    const problem = h('p', { class: 'form-problem', role: 'alert', hidden: true });
    const fields = settingFields(profile, drawCurve);
    const save = h('button', { type: 'submit', class: 'button button-strong' }, 'Rank so from now on');
    drawCurve();
    replace(content,
      h('section', { class: 'card' }, h('h2', {}, 'By a preset'),
        h('p', { class: 'quiet' }, model ? `The model ${model} is loaded. ` : 'No model is loaded: the first pass ranks. ',
          experiment && ['The experiment ', h('a', { href: addressOf('experiments', experiment) }, experiment), ' ranks otherwise for its readers.']),
        h('div', { class: 'presets' }, PRESETS.map(([name, label, what]) => h('button', { type: 'button', class: 'preset', 'aria-pressed': String(name === preset), on: { click: () => choose(name, label) } },
          h('strong', {}, label, name === preset && icon('check')), h('span', {}, what)))),
        preset === null && h('p', { class: 'quiet preset-none' }, 'None of them just now: what ranks is set below.')),
      h('form', { class: 'card', novalidate: true, on: { submit } }, h('h2', {}, 'By its settings'),
        h('div', { class: 'ranking-settings' }, fields.element,
          h('figure', { class: 'fade-figure' }, h('figcaption', {}, 'What a post is still worth'), curve)),
        problem, h('div', { class: 'button-row' }, save, h('button', { type: 'button', class: 'button', on: { click: load } }, 'As it is now'))));

    function drawCurve() {
      const { decay, half_life_minutes: minutes } = fields.profile;
      replace(curve, fade(decay, minutes > 0 ? minutes : profile.half_life_minutes));
    }

    async function submit(event) {
      event.preventDefault();
      for (const one of Object.values(fields.complaints)) one.complain(null);
      problem.hidden = true;
      save.disabled = true;
      try {
        draw(await api.setRanking(fields.profile));
        say('Ranked so from now on.');
      } catch (failure) {
        complainTo(fields.complaints, problem, failure);
      } finally {
        save.disabled = false;
      }
    }
  }

  async function choose(preset, label) {
    if (!await confirm(`Rank by “${label}”?`, 'It holds for everybody, from the next page on, in the place of all settings below.', 'Rank so')) return;
    try {
      draw(await api.setRanking({ preset }));
      say(`Ranked by “${label}” from now on.`);
    } catch (problem) {
      sayProblem(`That didn’t work: ${problem.message}`);
    }
  }
}
