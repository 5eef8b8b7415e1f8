import { h } from '../../dom.js';
import { openDialog } from '../../parts/dialog.js';
import { TO_OPERATOR, whyDrawn } from '../../parts/why-drawn.js';
import { sayProblem } from '../../say.js';
import { api } from '../api.js';

const STAGES = {
  candidates: 'the candidates', rules: 'the rules of who may see what', first_pass: 'the first pass', diversity: 'the sharing of the page among authors', page: 'the page',
};

/** Asks why a post is where it is in a reader's feed, and shows it. */
export function explainButton(person, post, label, kind = 'button') {
  let isAsking = false;
  return h('button', { type: 'button', class: kind, on: { click } }, label);

  async function click() {
    // Not disabled: a button that is has no focus, and the dialog gives it back to where it was.
    if (isAsking) return;
    isAsking = true;
    try {
      showWhy(person, post, await api.why(person.id, post));
    } catch (problem) {
      sayProblem(`That didn’t work: ${problem.message}`);
    } finally {
      isAsking = false;
    }
  }
}

/** @param why what the server said */
export function showWhy(person, post, why) {
  openDialog(why.shown ? 'Why it is there' : 'Why it is not there', h('div', { class: 'why' },
    h('p', { class: 'quiet' }, `Post ${post}, for ${person.name}. It got as far as ${STAGES[why.stage] ?? why.stage}.`), whyDrawn(why, TO_OPERATOR)), { kind: 'sheet' });
}
