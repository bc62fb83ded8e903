/**
 * Invisible characters that change the display: controls, marks of direction, characters without width or ink, tags, and halves
 * of surrogate pairs. Joiners within emoji and scripts (U+200C, U+200D) and the variation selectors of emoji are kept.
 */
const HIDDEN = /(?!\u200c|\u200d|[\ufe00-\ufe0f])[\p{Cc}\p{Cs}\p{DI}\u2028\u2029\u2800\ufff9-\ufffb]/gu;

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
