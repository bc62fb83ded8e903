import { toWellFormed } from './text';
import { FaultError, fault } from './violations';

/** Objects and arrays in `data` are nested at most this deep; `data` itself is the first. */
export const MAX_DATA_DEPTH = 32;

/** Maximum size of `data`, in bytes of UTF-8 as JSON. */
export const MAX_DATA_BYTES = 256 * 1024;

/** Every value takes two bytes of JSON at least, with what separates it. */
const MAX_VALUES = MAX_DATA_BYTES / 2;

/** What JSON puts around a value, and a third of what the longest number takes. */
const CHARACTERS_PER_VALUE = 8;

const CHARACTERS_PER_NUMBER = 3 * CHARACTERS_PER_VALUE;

/** Longest text that is kept whole when data is cut to fit. As JSON it takes at most six times as many bytes. */
const MAX_CUT_CHARACTERS = 8 * 1024;

/** Where cutting begins to leave out values: one more text of the maximum length fits behind it. */
const CUT_FROM_BYTES = MAX_DATA_BYTES - 64 * 1024;

/** No number of this size or more has digits that fit into `data`. */
const TOO_LARGE_INTEGER = 1n << BigInt(Math.ceil(MAX_DATA_BYTES * Math.log2(10)));

/** What stands in place of a value that was left out. */
export const TOO_LARGE = '[Too large]';
export const TOO_DEEP = '[Too deep]';

export type Key = string | number;

/**
 * One conversion of a value to JSON: where it stands, and how much it has made.
 *
 * Everything that becomes JSON is counted before it is made, so that no value takes more memory or time than the
 * largest one that is allowed. Beyond a limit the conversion fails, or, if `cuts`, leaves out the rest and says so.
 */
export class JsonWalk {
  readonly cuts: boolean;
  readonly ancestors: object[] = [];
  /** The key of each ancestor but the first. */
  readonly keys: Key[] = [];
  #values = 0;
  #characters = 0;

  constructor(cuts: boolean) {
    this.cuts = cuts;
  }

  /** About how many characters the JSON has; never less than a sixth of its bytes. */
  get characters(): number {
    return this.#characters + this.#values * CHARACTERS_PER_VALUE;
  }

  /** The rest is to be left out. */
  get isSpent(): boolean {
    return this.cuts && this.#characters + this.#values * CHARACTERS_PER_NUMBER > CUT_FROM_BYTES;
  }

  /** Counts values. @throws {FaultError} */
  addValues(count: number): void {
    this.#values += count;
    if (this.#values > MAX_VALUES && !this.cuts) throw tooLarge();
  }

  /** Fails for so many further values, before anything is made of them. @throws {FaultError} */
  checkValues(count: number): void {
    if (this.#values + count > MAX_VALUES && !this.cuts) throw tooLarge();
  }

  /** Counts characters of text that is made of other values. @throws {FaultError} */
  addCharacters(count: number): void {
    this.#characters += count;
    if (this.#characters > MAX_DATA_BYTES && !this.cuts) throw tooLarge();
  }

  /** Counts a text and makes it well-formed. @throws {FaultError} */
  text(text: string): string {
    if (!this.cuts) {
      this.addCharacters(text.length);
      return toWellFormed(text);
    }
    const kept = toWellFormed(
      text.length <= MAX_CUT_CHARACTERS
        ? text
        : `${text.slice(0, MAX_CUT_CHARACTERS)}… [${text.length} characters]`,
    );
    this.addCharacters(Buffer.byteLength(JSON.stringify(kept)));
    return kept;
  }

  /** The digits of an integer. @throws {FaultError} */
  integer(value: bigint): string {
    const isTooLarge = value >= TOO_LARGE_INTEGER || value <= -TOO_LARGE_INTEGER;
    if (!isTooLarge) return this.text(value.toString());
    if (this.cuts) return this.text(TOO_LARGE);
    throw tooLarge();
  }

  /** The base64 of bytes. @throws {FaultError} */
  bytes(bytes: Uint8Array): string {
    const characters = Math.ceil(bytes.byteLength / 3) * 4;
    if (this.cuts && characters > MAX_CUT_CHARACTERS) return this.text(`[${bytes.byteLength} bytes]`);
    this.addCharacters(characters);
    return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('base64');
  }

  /** Reports that the value under `key` is nested too deep. @throws {FaultError} */
  deep(key: Key): string {
    if (this.cuts) return this.text(TOO_DEEP);
    const path = [...this.keys.slice(1), key].map((part) =>
      typeof part === 'number' ? `[${part}]` : `.${part}`,
    );
    const reason = `is nested more than ${MAX_DATA_DEPTH} deep`;
    throw new FaultError({ code: 'too_deep', reason, limit: MAX_DATA_DEPTH }, path.join('').slice(0, 100));
  }
}

function tooLarge(): FaultError {
  const reason = `is larger than ${MAX_DATA_BYTES} bytes of JSON; keep large parts elsewhere`;
  return fault('too_large', reason, MAX_DATA_BYTES);
}
