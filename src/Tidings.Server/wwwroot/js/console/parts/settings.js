import { h } from '../../dom.js';
import { field } from '../../parts/field.js';

// The settings of a ranking profile, by the names that the server uses. docs/ranking.md says what each does.

export const PRESETS = [
  ['exponential', 'Exponential', 'what people did, fading by half every twelve hours; and the model'], ['seed', 'Seed', 'fading as 1 / (1 + 0.08 · hours)'],
  ['hacker-news', 'Hacker News', 'points over age, without affinity and model'], ['reddit-hot', 'Reddit hot', 'the logarithm of points and the time of publishing'],
  ['chronological', 'Chronological', 'the newest first, and nothing else'],
];

const DECAYS = [['exponential', 'Exponential'], ['hyperbolic', 'Hyperbolic'], ['none', 'None'], ['hacker_news', 'Hacker News'], ['reddit_hot', 'Reddit hot']];

/** [title, [name, label, hint, kind]] */
const GROUPS = [
  ['What people did', [
    ['prior', 'Before anyone did anything', '0.001 to 1,000'], ['like_weight', 'A like', '0 to 1,000'], ['comment_weight', 'A comment', '0 to 1,000'],
    ['share_weight', 'A share', '0 to 1,000'],
  ]],
  ['How it fades', [['decay', 'Decay', null, DECAYS], ['half_life_minutes', 'Half-life, minutes', '1 to 525,600']]],
  ['Whom and what', [
    ['affinity_weight', 'What an affinity of 100 adds', '0 to 100; 1 doubles'], ['fairness_max', 'The most a rare poster is lifted by', '0 to 0.5'],
    ['type_preference.text', 'Text, times', '0.001 to 1,000'], ['type_preference.image', 'Pictures, times', '0.001 to 1,000'],
    ['type_preference.video', 'Video, times', '0.001 to 1,000'], ['type_preference.link', 'Links, times', '0.001 to 1,000'],
  ]],
  ['The model', [
    ['use_model', 'The best 200 go to the model', null, 'switch'], ['head_weights.like', 'A predicted like', '0 to 1,000'],
    ['head_weights.comment', 'A predicted comment', '0 to 1,000'], ['head_weights.share', 'A predicted share', '0 to 1,000'], ['head_weights.hide', 'A predicted hide takes', '0 to 1,000'],
  ]],
  ['The page', [
    ['seen_last', 'What was seen goes last', null, 'switch'], ['per_author_max', 'Posts of an author on a page', '1 to 100'],
    ['explore_share', 'Share of first pages left to chance', '0 to 1'], ['explore_top', 'Places that are shuffled then', '2 to 20'],
  ]],
];

/** Every setting: [name, label]. */
export const SETTINGS = GROUPS.flatMap(([, settings]) => settings.map(([name, label, hint, kind]) => ({ name, label, hint, kind })));

const read = (profile, name) => name.split('.').reduce((part, key) => part[key], profile);

/** Sets a setting, also one within another. */
export function put(profile, name, value) {
  const [outer, inner] = name.split('.');
  if (inner) profile[outer] = { ...profile[outer], [inner]: value };
  else profile[outer] = value;
}

/** What a control says, as the server takes it. Of a number that is none the text goes as it is: the server says what is wrong with it. */
export const valueOf = (control, kind) => kind === 'switch' ? control.checked : Array.isArray(kind) ? control.value : toNumber(control.value);

const toNumber = text => text.trim() === '' || Number.isNaN(Number(text)) ? text : Number(text);

/** An input for a setting. */
export function controlOf(id, { kind }, value) {
  if (kind === 'switch') return h('input', { id, type: 'checkbox', checked: value === true });
  if (Array.isArray(kind)) return h('select', { id }, kind.map(([name, label]) => h('option', { value: name, selected: name === value }, label)));
  return h('input', { id, type: 'text', inputmode: 'decimal', autocomplete: 'off', value: String(shown(value)) });
}

/** 32 bits that came through JSON: 0.1 and not 0.10000000149. */
const shown = value => typeof value === 'number' ? Number(value.toPrecision(7)) : value;

/** Fields for all settings of a profile. @returns {element, profile, complaints}: what they say now, and the fields by the server's names */
export function settingFields(profile, changed) {
  const fields = new Map(), complaints = {};
  const groups = GROUPS.map(([title, settings]) => h('fieldset', { class: 'setting-group' }, h('legend', {}, title),
    h('div', { class: 'fields' }, settings.map(([name, label, hint, kind]) => {
      const id = `setting-${name.replace('.', '-')}`;
      const control = controlOf(id, { kind }, read(profile, name));
      const one = field(id, label, {}, hint, control);
      if (kind === 'switch') one.element.classList.add('field-switch');
      fields.set(name, { control, kind });
      // The server names the whole of what has parts.
      complaints[name.split('.')[0]] ??= one;
      return one.element;
    }))));
  return {
    element: h('div', { class: 'settings', on: { input: changed } }, groups),
    complaints,
    get profile() {
      const now = {};
      for (const [name, { control, kind }] of fields) put(now, name, valueOf(control, kind));
      return now;
    },
  };
}
