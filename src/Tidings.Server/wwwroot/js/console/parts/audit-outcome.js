import { h } from '../../dom.js';
import { gauge } from '../../drawing/gauge.js';
import { icon } from '../../drawing/icons.js';
import { count, moment, percent } from '../../figures.js';
import { explainButton } from './explain.js';
import { personLink } from './person.js';
import { table } from './table.js';

// An audit, as it goes on and when it has ended.

const shares = new Intl.NumberFormat('en', { style: 'percent', minimumFractionDigits: 2, maximumFractionDigits: 4, roundingMode: 'floor' });

/** Never rounded up: 100 % is every single one. */
export const completenessOf = audit => shares.format(audit.completeness);

/** @returns {element, tell}: a bar that goes on */
export function running(audit, cancel) {
  const bar = h('div', { class: 'gauge gauge-wide', role: 'progressbar', 'aria-label': 'Readers looked at', 'aria-valuemin': 0, 'aria-valuemax': audit.readers_asked }, h('div', { class: 'gauge-fill' }));
  const words = h('p', { class: 'quiet' });
  return {
    element: h('section', { class: 'card audit-running' }, h('h2', {}, 'Looking…'), bar, words,
      h('div', { class: 'button-row' }, h('button', { type: 'button', class: 'button', on: { click: cancel } }, 'Cancel'))),
    tell({ readers_asked: asked, readers_looked: looked, missing }) {
      bar.setAttribute('aria-valuenow', looked);
      bar.firstChild.style.setProperty('--share', asked === 0 ? 0 : looked / asked);
      words.textContent = `${count(looked)} of ${count(asked)} readers, ${missing === 0 ? 'nothing missing so far' : `${count(missing)} entries missing so far`}.`;
    },
  };
}

/** What came of it. @param acts {repair, again} */
export function outcome(audit, { repair, again }) {
  const isWhole = audit.missing === 0;
  return h('section', { class: 'card audit-outcome', data: { state: audit.state } },
    h('div', { class: 'card-head' }, h('h2', {}, audit.state === 'done' ? 'The newest audit' : 'Cancelled before its end'),
      h('p', { class: 'quiet' }, 'Begun ', moment(audit.started_at), audit.repair && ', repairing at once', '.')),
    h('div', { class: 'audit-figure' },
      h('p', { class: 'audit-share' }, h('strong', { data: { name: 'completeness' } }, completenessOf(audit)), ' complete'),
      h('div', { class: isWhole ? 'share-bar' : 'share-bar share-bar-lacking', 'aria-hidden': 'true', vars: { share: audit.completeness } }, audit.completeness > 0 && h('span'), !isWhole && h('span', { class: 'share-lacking' })),
      h('p', {}, isWhole
        ? `All ${count(audit.expected)} entries that a fresh pull gives are in the inboxes.`
        : `${count(audit.present)} of the ${count(audit.expected)} entries that a fresh pull gives are there. ${count(audit.missing)} ${audit.missing === 1 ? 'is' : 'are'} missing.`)),
    facts(audit),
    h('div', { class: 'button-row' },
      audit.readers_incomplete > audit.readers_repaired && h('button', { type: 'button', class: 'button button-strong', on: { click: repair } }, 'Repair'),
      h('button', { type: 'button', class: 'button', on: { click: again } }, 'Audit again'),
      audit.readers_repaired > 0 && h('p', { class: 'repaired' }, icon('check'), repairedWords(audit.readers_repaired))),
    audit.worst.length > 0 && worst(audit.worst));
}

const repairedWords = readers => `${count(readers)} ${readers === 1 ? 'inbox was' : 'inboxes were'} dropped: the next read makes ${readers === 1 ? 'it' : 'them'} anew, whole.`;

function facts(audit) {
  const { extra } = audit;
  const fact = (label, value, note = null) => h('div', {}, h('dt', {}, label), h('dd', {}, value, note && h('span', { class: 'quiet' }, ` ${note}`)));
  return h('dl', { class: 'facts' },
    fact('Readers looked at', count(audit.readers_looked), audit.readers_looked < audit.readers_asked ? `of ${count(audit.readers_asked)} asked for` : null),
    fact('With an inbox to compare', count(audit.readers_compared)),
    fact('Lacking something', count(audit.readers_incomplete)),
    fact('In flight, and arrived', count(audit.rechecked), 'entries'),
    fact('Left over, harmless', count(extra.unfollowed + extra.deleted + extra.pulled),
      `${count(extra.unfollowed)} unfollowed, ${count(extra.deleted)} deleted, ${count(extra.pulled)} pulled by now`),
    fact('Left over, unexplained', count(extra.unexplained)));
}

const COLUMNS = [['Reader', ''], ['Missing', 'number'], ['Of', 'number quiet'], ['There', 'gauge-cell'], ['For example', '']];

const worst = readers => table({
  caption: 'Who lacks most', shown: true, columns: COLUMNS,
  rows: readers.map(({ reader, expected, missing, repaired, examples }) => [
    personLink(reader), count(missing), count(expected), gauge((expected - missing) / expected, `There for ${reader.name}`, percent((expected - missing) / expected)),
    h('span', { class: 'examples' }, repaired && h('span', { class: 'badge' }, 'repaired'),
      examples.map(id => explainButton(reader, id, [h('span', { class: 'unseen' }, 'Why not '), id], 'link-button'))),
  ]),
});
