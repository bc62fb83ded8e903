import { toWellFormed } from '../util/text';
import { MAX_DATA_BYTES, MAX_DATA_DEPTH } from './limits';
import { FaultError, fault } from './violations';

/** Every value takes at least two bytes of JSON, including its separator. */
const MAX_VALUES = MAX_DATA_BYTES / 2;

/** Number of characters that JSON adds to a value. */
const CHARACTERS_PER_VALUE = 8;

/** Maximum number of characters of a number. */
const CHARACTERS_PER_NUMBER = 3 * CHARACTERS_PER_VALUE;

/** Maximum length of text that is kept whole when data is cut. As JSON it has at most six times as many bytes. */
const MAX_CUT_CHARACTERS = 8 * 1024;

/** Size beyond which values are left out. One more text of maximum length still fits. */
const CUT_FROM_BYTES = MAX_DATA_BYTES - 64 * 1024;

/** Integers of at least this size have too many digits for `data`. */
const TOO_LARGE_INTEGER = 1n << BigInt(Math.ceil(MAX_DATA_BYTES * Math.log2(10)));

/** Replaces values that exceed the maximum size. */
export const TOO_LARGE = '[Too large]';
/** Replaces values that are nested too deep. */
export const TOO_DEEP = '[Too deep]';

export type Key = string | number;

/**
 * State of one conversion of a value to JSON: its position and the size of its output.
 *
 * Everything that becomes JSON is counted before it is converted, so that no value takes more memory or time than the
 * largest valid one. Beyond a limit the conversion fails or, with `cuts`, replaces the rest with a mark.
 *
 * A plain object rather than a class: one is created for every event, and an instance with fields costs twice as much.
 */
export interface JsonWalk {
  /** Whether data beyond a limit is cut instead of rejected. */
  readonly cuts: boolean;
  readonly ancestors: object[];
  /** The key of each ancestor but the first. */
  readonly keys: Key[];
  values: number;
  /** Characters of text and keys. */
  characters: number;
}

/** Starts a conversion. */
export function createWalk(cuts: boolean): JsonWalk {
  return { cuts, ancestors: [], keys: [], values: 0, characters: 0 };
}

/** Estimates the number of characters of the JSON; at least a sixth of its bytes. */
export function estimateCharacters({ characters, values }: JsonWalk): number {
  return characters + values * CHARACTERS_PER_VALUE;
}

/** Returns whether the remaining values are left out. */
export function isSpent({ cuts, characters, values }: JsonWalk): boolean {
  return cuts && characters + values * CHARACTERS_PER_NUMBER > CUT_FROM_BYTES;
}

/** Counts a value. @throws {FaultError} */
export function countValue(walk: JsonWalk): void {
  walk.values += 1;
  if (walk.values > MAX_VALUES && !walk.cuts) throw tooLarge();
}

/** Checks that a number of further values fits, before any of them is converted. @throws {FaultError} */
export function checkRoom(walk: JsonWalk, values: number): void {
  if (walk.values + values > MAX_VALUES && !walk.cuts) throw tooLarge();
}

/** Counts a text and makes it well-formed. @throws {FaultError} */
export function toText(walk: JsonWalk, text: string): string {
  if (walk.cuts) return toCutText(walk, text);
  walk.characters += text.length;
  if (walk.characters > MAX_DATA_BYTES) throw tooLarge();
  return toWellFormed(text);
}

function toCutText(walk: JsonWalk, text: string): string {
  const kept = toWellFormed(
    text.length <= MAX_CUT_CHARACTERS
      ? text
      : `${text.slice(0, MAX_CUT_CHARACTERS)}… [${text.length} characters]`,
  );
  walk.characters += Buffer.byteLength(JSON.stringify(kept));
  return kept;
}

/** Converts an integer to its digits. @throws {FaultError} */
export function toDigits(walk: JsonWalk, value: bigint): string {
  const isTooLarge = value >= TOO_LARGE_INTEGER || value <= -TOO_LARGE_INTEGER;
  if (!isTooLarge) return toText(walk, value.toString());
  if (walk.cuts) return toText(walk, TOO_LARGE);
  throw tooLarge();
}

/** Converts bytes to base64. @throws {FaultError} */
export function toBase64(walk: JsonWalk, bytes: Uint8Array): string {
  const characters = Math.ceil(bytes.byteLength / 3) * 4;
  if (walk.cuts && characters > MAX_CUT_CHARACTERS) return toText(walk, `[${bytes.byteLength} bytes]`);
  walk.characters += characters;
  if (walk.characters > MAX_DATA_BYTES && !walk.cuts) throw tooLarge();
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('base64');
}

/** Rejects the value under a key that is nested too deep, or with `cuts` returns a mark. @throws {FaultError} */
export function rejectDeep(walk: JsonWalk, key: Key): string {
  if (walk.cuts) return toText(walk, TOO_DEEP);
  const path = [...walk.keys.slice(1), key].map((part) =>
    typeof part === 'number' ? `[${part}]` : `.${part}`,
  );
  const reason = `is nested more than ${MAX_DATA_DEPTH} levels deep`;
  throw new FaultError({ code: 'too_deep', reason, limit: MAX_DATA_DEPTH }, path.join('').slice(0, 100));
}

function tooLarge(): FaultError {
  const reason = `is larger than ${MAX_DATA_BYTES} bytes of JSON; store large values elsewhere`;
  return fault('too_large', reason, MAX_DATA_BYTES);
}
