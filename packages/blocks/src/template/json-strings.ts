import { MARK } from './split';

export const QUOTE = 0x22;
export const BACKSLASH = 0x5c;
/** By byte: 1 if it may end a string. */
const IS_SPECIAL = Uint8Array.from({ length: 256 }, (_, byte) =>
  byte === QUOTE || byte === BACKSLASH || byte === MARK ? 1 : 0,
);

/** Returns the offset of the quote that ends a string; -1 if there is none or the string contains the mark. */
export function endOfString(bytes: Uint8Array, start: number, end: number): number {
  for (let at = start; at < end; at++) {
    if (IS_SPECIAL[bytes[at] as number] === 0) continue;
    if (bytes[at] !== BACKSLASH) return bytes[at] === QUOTE ? at : -1;
    at += 1;
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
