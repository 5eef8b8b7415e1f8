// The colours of a canvas are those of the style sheet: asked for once, and again when the theme changes.

const SERIES = 4, RAMP = 5;

let inks = null;

document.addEventListener('theme', () => { inks = null; });

export function ink() {
  if (inks) return inks;
  const style = getComputedStyle(document.documentElement);
  const colour = name => style.getPropertyValue(`--${name}`).trim();
  inks = {
    series: Array.from({ length: SERIES }, (_, i) => colour(`series-${i + 1}`)),
    ramp: Array.from({ length: RAMP }, (_, i) => colour(`ramp-${i + 1}`)),
    line: colour('line'), text: colour('soft-ink'), strong: colour('ink'), paper: colour('paper'),
    font: `500 11px ${colour('sans')}`,
  };
  return inks;
}
