// Numbers that look like chance and are a function of a text: the same name is drawn alike everywhere and for ever.

/** FNV-1a over UTF-16 units, 32 bits. */
export function hash(text) {
  let value = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) value = Math.imul(value ^ text.charCodeAt(i), 0x01000193);
  return value >>> 0;
}

/** A generator of numbers from 0 up to 1: mulberry32. */
export function chance(text) {
  let state = hash(text);
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  };
}

/** A hue of a person, 0 to 359. */
export const hueOf = text => hash(text) % 360;
