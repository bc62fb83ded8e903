import { MARK } from './split';

export const QUOTE = 0x22;
const BACKSLASH = 0x5c;

/** Returns the offset of the quote that ends a string; -1 if there is none or the string contains the mark. */
export function endOfString(bytes: Uint8Array, start: number, end: number): number {
  for (let at = start; at < end; at++) {
    const byte = bytes[at] as number;
    if (byte === QUOTE) return at;
    if (byte === BACKSLASH) at += 1;
    else if (byte === MARK) return -1;
  }
  return -1;
}

/** Returns the text of a string from its content with escapes. Content that is not valid is returned as it is. */
export function unescape(content: string): string {
  if (!content.includes('\\')) return content;
  try {
    return JSON.parse(`"${content}"`) as string;
  } catch {
    return content;
  }
}
