// Elements are made, never parsed: no text that anybody wrote can become markup.

/**
 * Makes an element. Properties: `class`, `on` ({event: handler}), `vars` (custom CSS properties), `data`, and attributes; null and false are left out,
 * true is an empty attribute. Children: nodes, texts, nested lists; null and false are left out.
 */
export function h(tag, properties = {}, ...children) {
  return fill(dress(document.createElement(tag), properties), children);
}

const SVG = 'http://www.w3.org/2000/svg';

/** Makes an SVG element: attributes only. */
export function svg(tag, attributes = {}, ...children) {
  return fill(dress(document.createElementNS(SVG, tag), attributes), children);
}

/** Puts other children in place of those an element has. */
export function replace(element, ...children) {
  element.replaceChildren();
  return fill(element, children);
}

function dress(element, properties) {
  for (const [name, value] of Object.entries(properties)) {
    if (value === null || value === undefined || value === false) continue;
    if (name === 'on') for (const [event, handler] of Object.entries(value)) element.addEventListener(event, handler);
    else if (name === 'vars') for (const [key, set] of Object.entries(value)) element.style.setProperty(`--${key}`, set);
    else if (name === 'data') Object.assign(element.dataset, value);
    else if (name === 'value') element.value = value;
    else element.setAttribute(name, value === true ? '' : String(value));
  }
  return element;
}

function fill(element, children) {
  for (const child of children.flat(Infinity)) {
    if (child !== null && child !== undefined && child !== false) element.append(child);
  }
  return element;
}
