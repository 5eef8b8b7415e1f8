import { h } from '../dom.js';

/**
 * An input with its label, and under it a hint or what the server says against it.
 * @param attributes of the input; `control` another element in the input's place
 */
export function field(id, label, attributes, hint = null, control = null) {
  const input = control ?? h('input', { id, name: id, type: 'text', 'aria-describedby': `${id}-hint`, ...attributes });
  const below = h('p', { class: 'hint', id: `${id}-hint` }, hint || null);
  if (control) control.setAttribute('aria-describedby', `${id}-hint`);
  return {
    element: h('div', { class: 'field' }, h('label', { for: id }, label), input, below),
    input,
    get value() { return input.value; },
    focus: () => input.focus(),
    /** @param rule what is wrong; null for nothing */
    complain(rule) {
      if (rule === null) input.removeAttribute('aria-invalid');
      else input.setAttribute('aria-invalid', 'true');
      below.textContent = rule ?? hint ?? '';
      below.classList.toggle('hint-problem', rule !== null);
    },
  };
}

/**
 * Tells each field what the server says about it, and goes to the first; what is about none of them goes to the form.
 * @param fields by the names that the server uses
 * @param whole the element that says what is wrong with the form
 */
export function complainTo(fields, whole, problem) {
  const told = (problem.errors ?? []).filter(error => fields[error.field]);
  for (const error of told) fields[error.field].complain(error.rule);
  if (told.length > 0) {
    fields[told[0].field].focus();
    return;
  }
  whole.textContent = problem.message;
  whole.hidden = false;
}
