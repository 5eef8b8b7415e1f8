import { h } from '../dom.js';
import { ADDRESS } from '../drawing/artwork.js';

const MENTION = /(?<![\w@])@([a-z0-9_]{2,30})/gi;

/** A text as people wrote it, with addresses and @handles as links. */
export function richText(text) {
  const parts = [];
  let at = 0;
  for (const { index, found, make } of links(text)) {
    if (index < at) continue;
    parts.push(text.slice(at, index), make());
    at = index + found.length;
  }
  parts.push(text.slice(at));
  return parts;
}

/** A text's beginning: so many characters, and lines if that is asked for, ending with a whole word where there is one. */
export function beginning(text, charsMax, linesMax = Infinity) {
  const lines = text.split('\n', linesMax === Infinity ? undefined : linesMax).join('\n');
  if (lines.length <= charsMax) return lines;
  const word = lines.lastIndexOf(' ', charsMax);
  const end = word > charsMax / 2 ? word : charsMax;
  // Never between the two halves of one character.
  return lines.slice(0, /[\uD800-\uDBFF]/.test(lines[end - 1]) ? end - 1 : end);
}

/** The text of a link post without the address at its end, which its card shows. */
export const withoutLastAddress = text => text.replace(new RegExp(`\\s*${ADDRESS.source}\\s*$`), '');

function links(text) {
  const addresses = [...text.matchAll(ADDRESS)].map(match => ({
    index: match.index, found: match[0],
    make: () => h('a', { href: match[0], target: '_blank', rel: 'noopener noreferrer nofollow' }, match[0].replace(/^https?:\/\/(www\.)?/, '')),
  }));
  const mentions = [...text.matchAll(MENTION)].map(match => ({
    index: match.index, found: match[0], make: () => h('a', { href: `/@${match[1].toLowerCase()}` }, match[0]),
  }));
  return [...addresses, ...mentions].sort((a, b) => a.index - b.index);
}
