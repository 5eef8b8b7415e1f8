import { h } from '../../dom.js';
import { icon } from '../../drawing/icons.js';
import { openDialog } from '../../parts/dialog.js';
import { complainTo, field } from '../../parts/field.js';
import { say } from '../../say.js';
import { api } from '../api.js';
import { PRESETS, SETTINGS, controlOf, put, valueOf } from './settings.js';

// An experiment is put together of variants: each begins as everybody's ranking or a preset, and is otherwise in some settings.

const VARIANTS_MAX = 10, NOW = 'now';

/** @param profile everybody's, as it is now @param done told of the experiment that was started */
export function startExperiment(profile, done) {
  const name = field('experiment-name', 'Name', { autocomplete: 'off', maxlength: 40, required: true }, '1 to 40 of a–z, 0–9 and -, never used before.');
  const rise = field('experiment-rise', 'Rise that is put up with', { inputmode: 'decimal', value: '0.2', maxlength: 6 }, 'Of hides and errors over the control’s: 0.2 is a fifth. Beyond it the experiment ends by itself.');
  const problem = h('p', { class: 'form-problem', role: 'alert', hidden: true });
  const list = h('div', { class: 'variants' });
  const more = h('button', { type: 'button', class: 'button', on: { click: () => add(`variant-${variants.length}`) } }, icon('plus'), 'Another variant');
  const start = h('button', { type: 'submit', class: 'button button-strong' }, 'Start');
  const variants = [];
  add('control');
  add('variant-1');
  const dialog = openDialog('New experiment', h('form', { class: 'form', novalidate: true, on: { submit } },
    h('div', { class: 'fields' }, name.element, rise.element), list, h('div', { class: 'button-row' }, more), problem,
    h('div', { class: 'dialog-foot' }, h('button', { type: 'button', class: 'button', on: { click: () => dialog.close() } }, 'Cancel'), start)));
  dialog.classList.add('dialog-wide');
  name.focus();

  function add(title) {
    const one = variant(profile, variants.length, title, variants.length > 1 ? remove : null);
    variants.push(one);
    list.append(one.element);
    more.hidden = variants.length >= VARIANTS_MAX;

    function remove() {
      variants.splice(variants.indexOf(one), 1);
      one.element.remove();
      more.hidden = false;
    }
  }

  async function submit(event) {
    event.preventDefault();
    problem.hidden = true;
    for (const one of [name, rise]) one.complain(null);
    start.disabled = true;
    try {
      const made = await api.startExperiment({ name: name.value.trim(), rise_max: Number(rise.value), variants: variants.map(one => one.value) });
      dialog.close();
      say('The experiment runs.');
      done(made);
    } catch (failure) {
      complainTo({ name, rise_max: rise, share: variants[0].share }, problem, failure);
    } finally {
      start.disabled = false;
    }
  }
}

let made = 0;

/** @param remove takes it away again; null for the control and the first other one */
function variant(profile, index, title, remove) {
  const id = `variant-${++made}`;
  const name = field(`${id}-name`, 'Name', { value: title, autocomplete: 'off', maxlength: 40 });
  const share = field(`${id}-share`, 'Share of the readers', { value: '0.1', inputmode: 'decimal', maxlength: 6 }, '0.001 to 1; all together at most 1.');
  const base = h('select', { id: `${id}-base` }, h('option', { value: NOW }, 'What holds now'), PRESETS.map(([preset, label]) => h('option', { value: preset }, label)));
  const changes = h('div', { class: 'variant-changes' });
  const choice = h('select', { id: `${id}-setting`, on: { change } }, h('option', { value: '' }, 'But otherwise: choose a setting'), SETTINGS.map((setting, i) => h('option', { value: String(i) }, setting.label)));
  const others = new Map();
  const element = h('fieldset', { class: 'variant' }, h('legend', {}, index === 0 ? 'The control' : `Variant ${index}`),
    h('div', { class: 'fields' }, name.element, share.element, field(`${id}-base`, 'Ranked by', {}, null, base).element), changes,
    h('div', { class: 'variant-foot' }, h('label', { for: `${id}-setting`, class: 'unseen' }, 'Setting to change'), choice,
      remove && h('button', { type: 'button', class: 'link-button', on: { click: remove } }, 'Take it out')));
  return {
    element, share,
    get value() {
      const ranking = base.value === NOW ? structuredClone(profile) : { preset: base.value };
      for (const [{ name: setting, kind }, control] of others) set(ranking, setting, valueOf(control, kind));
      return { name: name.value.trim(), share: Number(share.value), ranking };
    },
  };

  /** What has parts is sent whole: the others of a preset are as they are now. */
  function set(ranking, setting, value) {
    const outer = setting.split('.')[0];
    if (outer !== setting) ranking[outer] ??= structuredClone(profile[outer]);
    put(ranking, setting, value);
  }

  function change() {
    const setting = SETTINGS[Number(choice.value)];
    choice.value = '';
    if ([...others.keys()].includes(setting)) return;
    const at = `${id}-${setting.name.replace('.', '-')}`;
    const control = controlOf(at, setting, setting.name.split('.').reduce((part, key) => part[key], profile));
    const row = field(at, setting.label, {}, setting.hint, control).element;
    row.append(h('button', { type: 'button', class: 'link-button', on: { click: () => { others.delete(setting); row.remove(); choice.focus(); } } }, 'As before'));
    others.set(setting, control);
    changes.append(row);
    control.focus();
  }
}
