/** Byte strings to look for. */
export interface WantedBytes {
  /** Returns whether one of them has this length. */
  hasLength(length: number): boolean;
  /** Returns whether one of them equals the bytes from `start` to `end`. */
  has(bytes: Buffer, start: number, end: number): boolean;
}

/** Creates a set of byte strings. Looking up bytes takes the same time whether the set has one string or thousands. */
export function wantedBytes(all: Iterable<Buffer>): WantedBytes {
  return new HashedBytes(all);
}

class HashedBytes implements WantedBytes {
  /** The strings by length, each as a text with one character for each byte. */
  readonly #byLength = new Map<number, Set<string>>();
  /** Which bytes are the last of a string. Excludes most bytes without creating a text. */
  readonly #lastBytes = new Uint8Array(256);

  constructor(all: Iterable<Buffer>) {
    for (const bytes of all) {
      const known = this.#byLength.get(bytes.length) ?? new Set<string>();
      this.#byLength.set(bytes.length, known.add(bytes.toString('latin1')));
      this.#lastBytes[bytes.at(-1) ?? 0] = 1;
    }
  }

  hasLength(length: number): boolean {
    return this.#byLength.has(length);
  }

  has(bytes: Buffer, start: number, end: number): boolean {
    if (end > start && this.#lastBytes[bytes[end - 1] as number] === 0) return false;
    return this.#byLength.get(end - start)?.has(bytes.toString('latin1', start, end)) ?? false;
  }
}
