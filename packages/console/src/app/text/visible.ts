/**
 * Characters that change the display without being seen: controls, marks of direction, characters without width, tags, and
 * halves of surrogate pairs. Joiners within emoji and scripts (U+200C, U+200D) and variation selectors are kept.
 */
const HIDDEN =
  /[\u0000-\u001f\u007f-\u009f\u00ad\u061c\u180e\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]|\udb40[\udc00-\udc7f]|[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g;

/** Whether line feeds and tabs are kept, or shown as marks too. */
export type LineMode = 'line' | 'block';

/**
 * Returns a text in which hidden characters are visible: controls as their pictures (`␀`), others by their code point, such
 * as `⟨U+202E⟩`.
 */
export function visibleText(text: string, mode: LineMode = 'line'): string {
  return text.replace(HIDDEN, (char) => {
    if (mode === 'block' && (char === '\n' || char === '\t')) return char;
    return markOf(char);
  });
}

/** Returns at most `limit` UTF-16 code units of a text for one line, with hidden characters visible. */
export function visibleLine(text: string, limit: number): string {
  if (text.length <= limit) return visibleText(text);
  return `${visibleText(text.slice(0, limit).replace(/[\ud800-\udbff]$/, ''))}…`;
}

function markOf(char: string): string {
  const code = char.codePointAt(0) ?? 0;
  if (char === '\n') return '↵';
  if (char === '\t') return '⇥';
  if (code < 0x20) return String.fromCharCode(0x2400 + code);
  if (code === 0x7f) return '␡';
  return `⟨U+${code.toString(16).toUpperCase().padStart(4, '0')}⟩`;
}
