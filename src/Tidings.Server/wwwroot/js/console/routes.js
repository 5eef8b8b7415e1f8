import { auditView } from './views/audit.js';
import { authorsView } from './views/authors.js';
import { experimentsView } from './views/experiments.js';
import { experimentView } from './views/experiment.js';
import { keysView } from './views/keys.js';
import { modelView } from './views/model.js';
import { overviewView } from './views/overview.js';
import { rankingView } from './views/ranking.js';
import { readerView } from './views/reader.js';

/** What the console shows, in the order of its tabs. The server knows the addresses as patterns (Web/WebApp.cs). */
export const VIEWS = [
  ['', 'Overview', overviewView], ['authors', 'Authors', authorsView], ['reader', 'Reader', readerView], ['audit', 'Audit', auditView],
  ['ranking', 'Ranking', rankingView], ['experiments', 'Experiments', name => name ? experimentView(name) : experimentsView()],
  ['model', 'Model', modelView], ['keys', 'Keys', keysView],
];

/** The view of an address, and what it is of, if anything. @returns {view, title, make}; null where there is none */
export function viewOf(path) {
  const [, , view = '', name = ''] = path.split('/');
  const found = VIEWS.find(([one]) => one === view);
  return found ? { view, title: found[1], make: () => found[2](name === '' ? null : decodeURIComponent(name)) } : null;
}
