// Both methods exist on every supported Node.js version, but the typings of TypeScript include them only from ES2024.
interface MaybeIllFormed {
  isWellFormed(): boolean;
  toWellFormed(): string;
}

/** Returns whether a text has no lone surrogate. */
export function isWellFormed(text: string): boolean {
  return (text as unknown as MaybeIllFormed).isWellFormed();
}

/** Replaces each lone surrogate with U+FFFD. */
export function toWellFormed(text: string): string {
  const candidate = text as unknown as MaybeIllFormed;
  return candidate.isWellFormed() ? text : candidate.toWellFormed();
}

/** Returns whether a text has more code points than a limit. */
export function hasMoreCodePoints(text: string, limit: number): boolean {
  if (text.length <= limit) return false;
  let count = 0;
  for (const _ of text) {
    count += 1;
    if (count > limit) return true;
  }
  return false;
}

/** Control, formatting (bidirectional and invisible) and separator characters, and lone surrogates. */
const UNPRINTABLE = /[\p{Cc}\p{Cf}\p{Cs}\u2028\u2029]/gu;

/** Escapes characters that could change how a terminal or an editor displays a text, such as `\u{1b}`. */
export function printable(text: string): string {
  return text.replace(UNPRINTABLE, (found) => `\\u{${(found.codePointAt(0) as number).toString(16)}}`);
}

const EXCERPT_CHARACTERS = 40;

/** Shortens a text for an error message and makes it printable. */
export function excerpt(text: string): string {
  return shorten(text, EXCERPT_CHARACTERS);
}

/** Cuts a text to `limit` UTF-16 code units, marks the cut and makes the result printable. */
export function shorten(text: string, limit: number): string {
  if (text.length <= limit) return printable(text);
  // A surrogate pair is not split.
  const isSplit = /[\ud800-\udbff]/.test(text.charAt(limit - 1));
  return `${printable(text.slice(0, isSplit ? limit - 1 : limit))}…`;
}

/** Describes a wrong value in an error message: shows a primitive, shortened, and names the type of anything else. */
export function describeValue(value: unknown): string {
  if (typeof value === 'string') return `"${excerpt(value)}"`;
  if (typeof value === 'function') return 'a function';
  if (Array.isArray(value)) return value.length === 0 ? 'an empty array' : `an array of ${value.length}`;
  if (typeof value === 'object' && value !== null) return 'an object';
  return excerpt(String(value));
}
