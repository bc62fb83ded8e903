// Both methods exist on every Node we support; the library typings learn of them with ES2024.
interface MaybeIllFormed {
  isWellFormed(): boolean;
  toWellFormed(): string;
}

/** Replaces each lone surrogate by U+FFFD. */
export function toWellFormed(text: string): string {
  const candidate = text as unknown as MaybeIllFormed;
  return candidate.isWellFormed() ? text : candidate.toWellFormed();
}

/** Tells whether a text has more code points than a limit. */
export function hasMoreCodePoints(text: string, limit: number): boolean {
  if (text.length <= limit) return false;
  let count = 0;
  for (const _ of text) {
    count += 1;
    if (count > limit) return true;
  }
  return false;
}

/** Shortens a text for an error message. */
export function excerpt(text: string): string {
  return text.length > 40 ? `${toWellFormed(text.slice(0, 40))}…` : text;
}
