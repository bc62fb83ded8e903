import type { JsonObject, Level } from './event';
import { parseLevel, suggestLevel } from './level';
import {
  MAX_DATA_BYTES,
  MAX_ID_CHARACTERS,
  MAX_MESSAGE_BYTES,
  MAX_NAME_CODE_POINTS,
  MAX_SEVERITY,
  MAX_TAGS,
  MIN_SEVERITY,
} from './limits';
import { isPlainJson } from './plain-json';
import { toJsonObject } from './safe-json';
import { hasMoreCodePoints, toWellFormed } from '../util/text';
import { FaultError, fault } from './violations';

// Each function reads one field of an event and throws a FaultError when its value is invalid.

/** Maximum length of tags in one string, which bounds the cost of splitting it. */
const MAX_TAGS_CHARACTERS = 64 * 1024;
/** The first integer with more digits than an id may have characters. */
const TOO_LARGE_ID = 10n ** BigInt(MAX_ID_CHARACTERS);

/** Returns whether a field has a value. `null` counts as missing. */
export function isGiven(value: unknown): value is {} {
  return value !== undefined && value !== null;
}

export function readId(value: {}): string | undefined {
  if (typeof value === 'bigint') return readIntegerId(value);
  if (Number.isSafeInteger(value)) return value === 0 ? undefined : String(value);
  if (typeof value !== 'string') throw fault('wrong_type', 'must be a string, a bigint or a safe integer');
  if (value.length > MAX_ID_CHARACTERS) throw longId();
  if (!/^[\x21-\x7e]*$/.test(value))
    throw fault(
      'malformed',
      'may contain only the visible ASCII characters U+0021 to U+007E',
      'U+0021–U+007E',
    );
  return value === '' || value === '0' ? undefined : value;
}

function readIntegerId(value: bigint): string | undefined {
  // A comparison is fast; formatting a million digits is not.
  const id = value >= TOO_LARGE_ID || value <= -TOO_LARGE_ID ? undefined : String(value);
  if (id === undefined || id.length > MAX_ID_CHARACTERS) throw longId();
  return id === '0' ? undefined : id;
}

function longId(): FaultError {
  return fault('too_long', `has more than ${MAX_ID_CHARACTERS} characters`, MAX_ID_CHARACTERS);
}

export function readMessage(value: unknown): string {
  if (!isGiven(value)) throw fault('required', 'is required');
  const text = readText(value);
  // A UTF-16 code unit takes at most three bytes of UTF-8.
  if (text.length * 3 > MAX_MESSAGE_BYTES) {
    const bytes = Buffer.byteLength(text);
    if (bytes > MAX_MESSAGE_BYTES)
      throw fault(
        'too_long',
        `has ${bytes} bytes of UTF-8; the limit is ${MAX_MESSAGE_BYTES}`,
        MAX_MESSAGE_BYTES,
      );
  }
  return text;
}

export function readLevel(value: {}): Level {
  const text = readText(value);
  const level = parseLevel(text);
  if (level === undefined) throw fault('unknown_value', `is not a level; ${suggestLevel(text)}`);
  return level;
}

export function readSeverity(value: {}): number {
  const number = typeof value === 'string' && /^[+-]?\d{1,20}$/.test(value) ? Number(value) : value;
  const severity = typeof number === 'bigint' ? Number(number) : number;
  if (typeof severity !== 'number') throw fault('wrong_type', 'must be a 32-bit integer');
  if (Number.isInteger(severity) && severity >= MIN_SEVERITY && severity <= MAX_SEVERITY) return severity + 0;
  throw fault('out_of_range', 'is not a 32-bit integer', `${MIN_SEVERITY}–${MAX_SEVERITY}`);
}

export function readName(value: {}): string {
  const text = readText(value);
  if (hasMoreCodePoints(text, MAX_NAME_CODE_POINTS))
    throw fault('too_long', `has more than ${MAX_NAME_CODE_POINTS} characters`, MAX_NAME_CODE_POINTS);
  return text;
}

/** Maximum number of entries in `tags`, repeated and empty ones included. */
const MAX_GIVEN_TAGS = 1_024;

export function readTags(value: {}, defaults: readonly string[]): readonly string[] {
  const given: unknown = typeof value === 'string' ? splitTags(value) : value;
  if (!Array.isArray(given))
    throw fault('wrong_type', 'must be an array of strings, or one string with tags separated by commas');
  if (given.length === 0) return defaults;
  if (given.length > MAX_GIVEN_TAGS)
    throw fault('too_many', `has ${given.length} entries; the limit is ${MAX_GIVEN_TAGS}`, MAX_GIVEN_TAGS);
  const tags = new Set(defaults);
  for (let index = 0; index < given.length; index += 1) {
    const tag = readTag(given[index], index);
    if (tag !== '') tags.add(tag);
    if (tags.size > MAX_TAGS) throw fault('too_many', `has more than ${MAX_TAGS} tags`, MAX_TAGS);
  }
  return [...tags];
}

function splitTags(text: string): string[] {
  if (text.length <= MAX_TAGS_CHARACTERS) return text.split(',').map((tag) => tag.trim());
  const reason = `has ${text.length} characters; the limit is ${MAX_TAGS_CHARACTERS}`;
  throw fault('too_long', reason, MAX_TAGS_CHARACTERS);
}

function readTag(value: unknown, index: number): string {
  try {
    return readName(value as {});
  } catch (error) {
    throw error instanceof FaultError ? new FaultError(error.fault, `[${index}]`) : error;
  }
}

/** Normalised data, the approximate length of its JSON, and that JSON if it had to be created. */
export interface OwnData {
  readonly value: JsonObject;
  readonly characters: number;
  readonly json: string | undefined;
}

const NO_DATA_CHARACTERS = 2;

export function readData(value: {}, defaults: JsonObject | undefined): OwnData {
  if (typeof value !== 'object')
    throw fault('wrong_type', `must be an object, not ${typeof value}; put it under a key`);
  const own = toJsonObject(value);
  return defaults === undefined
    ? checkSize(own.value, own.characters)
    : checkSize(merge(defaults, own.value), Infinity);
}

/**
 * Reads data for an event that is encoded at once. Plain data is not copied: the value is that of the caller.
 */
export function readDataAsJson(value: {}, defaults: JsonObject | undefined): OwnData {
  try {
    if (defaults === undefined && typeof value === 'object' && !Array.isArray(value) && isPlainJson(value)) {
      const json = JSON.stringify(value);
      // Larger data needs the exact size.
      if (json.length * 3 <= MAX_DATA_BYTES)
        return { value: value as JsonObject, characters: json.length, json };
    }
  } catch {
    // A value that cannot be read becomes a mark.
  }
  return readData(value, defaults);
}

export function defaultData(defaults: JsonObject | undefined): OwnData {
  if (defaults === undefined) return { value: {}, characters: NO_DATA_CHARACTERS, json: '{}' };
  return checkSize(merge(defaults, {}), Infinity);
}

/** Checks the exact size only if it may exceed the limit. A character takes at most six bytes of JSON. */
function checkSize(value: JsonObject, characters: number): OwnData {
  if (characters * 6 <= MAX_DATA_BYTES) return { value, characters, json: undefined };
  const json = JSON.stringify(value);
  const bytes = Buffer.byteLength(json);
  if (bytes > MAX_DATA_BYTES)
    throw fault('too_large', `has ${bytes} bytes as JSON; the limit is ${MAX_DATA_BYTES}`, MAX_DATA_BYTES);
  return { value, characters: bytes, json };
}

/** Merges two objects. The keys of `over` take precedence, and `__proto__` is a plain key. */
function merge(under: JsonObject, over: JsonObject): JsonObject {
  return Object.fromEntries([...Object.entries(under), ...Object.entries(over)]);
}

function readText(value: {}): string {
  if (typeof value === 'string') return toWellFormed(value);
  throw fault('wrong_type', `must be a string, not ${Array.isArray(value) ? 'an array' : typeof value}`);
}
