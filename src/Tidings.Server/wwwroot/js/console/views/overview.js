import { h, replace } from '../../dom.js';
import { crosshair } from '../../drawing/crosshair.js';
import { icon } from '../../drawing/icons.js';
import { seconds } from '../../figures.js';
import { api } from '../api.js';
import { capacities } from '../parts/caches.js';
import { findings } from '../parts/health.js';
import { plotSections } from '../parts/plots.js';
import { tiles } from '../parts/tiles.js';
import { vitals } from '../vitals.js';

/** How the server is and how it has been for fifteen minutes. */
export function overviewView() {
  const health = h('div', { class: 'health', role: 'status' });
  const about = h('p', { class: 'quiet about' });
  const figures = tiles(), full = capacities(), sections = plotSections();
  const plots = sections.flatMap(section => section.plots);
  let stop = null, told = null;

  return {
    element: h('div', { class: 'overview' },
      h('div', { class: 'view-head' }, h('h1', {}, 'Overview'), about),
      health, figures.element,
      sections.map(({ title, plots: some }) => h('section', { class: 'plots' }, h('h2', {}, title),
        h('div', { class: `plots-grid plots-grid-${some.length % 3 === 0 ? 3 : 4}` }, some.map(plot => plot.element)), title === 'Memory' && full.element))),
    shown() {
      stop = vitals.watch(draw);
      crosshair.addEventListener('move', point);
      document.addEventListener('theme', paint);
      api.status().then(introduce, () => {});
      draw();
    },
    hidden() {
      stop();
      crosshair.removeEventListener('move', point);
      crosshair.point(null);
      document.removeEventListener('theme', paint);
    },
  };

  function draw() {
    const { samples } = vitals;
    figures.show(samples);
    full.show(samples);
    for (const plot of plots) plot.show(samples);
    tellHealth(samples);
  }

  /** Said again only when it is something else. */
  function tellHealth(samples) {
    const found = findings(samples), isKnown = samples.length > 0;
    const now = isKnown ? found.join('\n') || 'All is well.' : vitals.problem?.message ?? 'Asking the server…';
    if (now === told) return;
    told = now;
    health.className = `health health-${!isKnown ? 'unknown' : found.length > 0 ? 'bad' : 'well'}`;
    replace(health, icon(!isKnown ? 'why' : found.length > 0 ? 'alert' : 'check'), h('div', {}, now.split('\n').map(line => h('p', {}, line))));
  }

  function introduce({ version, durability, uptime_seconds: uptime }) {
    about.textContent = `Version ${version}, up for ${seconds(uptime)}, durability ${durability}.`;
  }

  function point() {
    for (const plot of plots) plot.tell();
  }

  function paint() {
    for (const plot of plots) plot.draw();
  }
}
