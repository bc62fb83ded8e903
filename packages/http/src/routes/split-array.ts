import { yieldToEventLoop } from '@vigilant/core/adapter';

/** Number of characters that are read in one turn of the event loop. */
export const CHARACTERS_PER_TURN = 512 * 1024;

/** Maximum depth of brackets within an element. The data of an event is nested at most 32 levels deep. */
const MAX_DEPTH = 64;

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const COMMA = 0x2c;
const OPENING = new Set([0x5b, 0x7b]);
const CLOSING = new Set([0x5d, 0x7d]);

/** The elements of a JSON array. */
export interface ArrayTexts {
  /** Texts of the elements, at most as many as asked for. They may not be valid JSON. */
  readonly texts: readonly string[];
  /** Number of elements. */
  readonly count: number;
  /** Index after the closing bracket. */
  readonly end: number;
}

/**
 * Splits a JSON array into its elements without parsing them, in linear time. Yields to the event loop in between.
 *
 * @param start - Index of its opening bracket.
 * @param limit - Number of elements to return; others are only counted.
 * @returns `undefined` if the brackets or quotation marks are not balanced, or nested too deeply.
 */
export async function splitArray(
  text: string,
  start: number,
  limit: number,
): Promise<ArrayTexts | undefined> {
  const texts: string[] = [];
  let count = 0;
  let depth = 1;
  let from = start + 1;
  let pauseAt = from + CHARACTERS_PER_TURN;
  const add = (end: number): void => {
    if (count < limit) texts.push(text.slice(from, end));
    count += 1;
    from = end + 1;
  };
  for (let index = from; index < text.length; index++) {
    if (index >= pauseAt) {
      await yieldToEventLoop();
      pauseAt = index + CHARACTERS_PER_TURN;
    }
    const code = text.charCodeAt(index);
    if (code === QUOTE) {
      index = endOfString(text, index);
      if (index === -1) return undefined;
    } else if (OPENING.has(code)) {
      depth += 1;
      if (depth > MAX_DEPTH) return undefined;
    } else if (code === COMMA && depth === 1) add(index);
    else if (CLOSING.has(code)) {
      depth -= 1;
      if (depth > 0) continue;
      if (count > 0 || text.slice(from, index).trim() !== '') add(index);
      return { texts, count, end: index + 1 };
    }
  }
  return undefined;
}

/** Returns the index of the quotation mark that ends a string, or -1. */
function endOfString(text: string, start: number): number {
  for (let end = text.indexOf('"', start + 1); end !== -1; end = text.indexOf('"', end + 1)) {
    let first = end;
    while (text.charCodeAt(first - 1) === BACKSLASH) first -= 1;
    if ((end - first) % 2 === 0) return end;
  }
  return -1;
}
