import type { JsonObject, JsonValue } from './event';
import { toWellFormed } from './text';
import { FaultError, fault } from './violations';

/** Whatever answers to `toJSON`. */
// eslint-disable-next-line @typescript-eslint/no-unsafe-function-type
type AnyFunction = Function;

/** Objects and arrays in `data` are nested at most so deep; `data` itself is the first. */
export const MAX_DATA_DEPTH = 32;

/** `data` is at most so many bytes of UTF-8 as JSON. */
export const MAX_DATA_BYTES = 256 * 1024;

/** Causes of an Error that are kept; deeper ones become a mark, so that no Error is refused for its depth. */
const MAX_CAUSES = 8;

/** Every value takes two bytes of JSON at least, with what separates it. */
const MAX_VALUES = MAX_DATA_BYTES / 2;

/** What JSON puts around a value, and what a number takes. */
const CHARACTERS_PER_VALUE = 8;

type Key = string | number;

/** One walk over a value. */
interface Walk {
  values: number;
  /** Characters of all text and keys, and some for what JSON puts around them. */
  characters: number;
  readonly ancestors: object[];
  /** The key of each ancestor but the first. */
  readonly keys: Key[];
}

/**
 * Makes a readable JSON object of any object, sharing nothing with it.
 *
 * What JSON holds stays as it is. Dates become ISO 8601, bigints decimal text, NaN and infinities their names, Errors
 * objects with name, message, stack, cause and own fields, Maps objects, Sets arrays, bytes base64; functions, symbols and
 * undefined are left out; cycles and throwing getters become a mark. `toJSON` is honoured.
 *
 * @returns the object and about how many characters its JSON has.
 * @throws {FaultError} for arrays, for what is no object, and beyond the limits of depth and size.
 */
export function toJsonObject(value: object): { readonly value: JsonObject; readonly characters: number } {
  if (Array.isArray(value)) throw fault('wrong_type', 'must be an object, not an array; put it under a key');
  const walk: Walk = { values: 0, characters: 0, ancestors: [], keys: [] };
  const result = convert(value, walk, '');
  if (typeof result === 'object' && result !== null && !Array.isArray(result))
    return { value: result as JsonObject, characters: walk.characters + walk.values * CHARACTERS_PER_VALUE };
  throw fault('wrong_type', 'must be an object; put the value under a key');
}

/** The JSON of a value, or `undefined` when it is left out. */
function convert(value: unknown, walk: Walk, key: Key): JsonValue | undefined {
  walk.values += 1;
  if (walk.values > MAX_VALUES) throw tooLarge();
  switch (typeof value) {
    case 'string':
      walk.characters += value.length;
      return toWellFormed(value);
    case 'number':
      return Number.isFinite(value) ? value + 0 : String(value);
    case 'boolean':
      return value;
    case 'bigint':
      return value.toString();
    case 'object':
      return value === null ? null : convertObject(value, walk, key);
    default:
      return undefined;
  }
}

function convertObject(value: object, walk: Walk, key: Key): JsonValue | undefined {
  if (walk.ancestors.includes(value)) return '[Circular]';
  if (walk.ancestors.length >= MAX_DATA_DEPTH) throw tooDeep(walk, key);
  walk.ancestors.push(value);
  walk.keys.push(key);
  try {
    return Array.isArray(value) ? convertArray(value, walk) : convertNonArray(value, walk);
  } catch (error) {
    if (error instanceof FaultError) throw error;
    return unreadable(error);
  } finally {
    walk.ancestors.pop();
    walk.keys.pop();
  }
}

function convertArray(value: readonly unknown[], walk: Walk): JsonValue[] {
  const { length } = value;
  if (walk.values + length > MAX_VALUES) throw tooLarge();
  const result: JsonValue[] = new Array<JsonValue>(length);
  for (let index = 0; index < length; index += 1) {
    result[index] = read(value, index, walk) ?? null;
  }
  return result;
}

function convertNonArray(value: object, walk: Walk): JsonValue | undefined {
  const prototype: unknown = Object.getPrototypeOf(value);
  if (prototype === Object.prototype || prototype === null) {
    const { toJSON } = value as { toJSON?: unknown };
    return typeof toJSON === 'function' ? convertByToJson(value, toJSON, walk) : fields(value, walk);
  }
  if (value instanceof Error) return convertError(value, walk);
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? 'Invalid Date' : value.toISOString();
  if (value instanceof Map) return convertMap(value, walk);
  if (value instanceof Set) return convertArray([...value], walk);
  if (value instanceof ArrayBuffer || ArrayBuffer.isView(value)) return convertBytes(value, walk);
  if (value instanceof RegExp) return String(value);
  if (value instanceof String || value instanceof Number || value instanceof Boolean)
    return convert(value.valueOf(), walk, '');
  if (value instanceof Promise || value instanceof WeakMap || value instanceof WeakSet) return {};
  const { toJSON } = value as { toJSON?: unknown };
  return typeof toJSON === 'function' ? convertByToJson(value, toJSON, walk) : fields(value, walk);
}

function convertByToJson(value: object, toJson: AnyFunction, walk: Walk): JsonValue | undefined {
  const json: unknown = toJson.call(value, '');
  if (typeof json !== 'object' || json === null) return convert(json, walk, '');
  // What it gives back is taken by its fields: it may be the object itself.
  return Array.isArray(json) ? convertArray(json, walk) : fields(json, walk);
}

function fields(value: object, walk: Walk, result: Record<string, JsonValue> = {}): JsonObject {
  for (const key of Object.keys(value)) {
    walk.characters += key.length;
    set(result, key, read(value, key, walk));
  }
  return result;
}

function convertError(error: Error, walk: Walk): JsonObject {
  const result: Record<string, JsonValue> = {};
  for (const key of ['name', 'message', 'stack']) set(result, key, read(error, key, walk));
  const causes = walk.ancestors.filter((ancestor) => ancestor instanceof Error).length;
  for (const key of ['cause', 'errors']) {
    if (!(key in error)) continue;
    const isDeep = causes >= MAX_CAUSES || walk.ancestors.length >= MAX_DATA_DEPTH;
    set(result, key, isDeep ? '[Too deep]' : read(error, key, walk));
  }
  return fields(error, walk, result);
}

function convertMap(map: ReadonlyMap<unknown, unknown>, walk: Walk): JsonValue {
  const hasTextKeys = [...map.keys()].every((key) => typeof key === 'string' || typeof key === 'number');
  if (!hasTextKeys) return convertArray([...map], walk);
  const result: Record<string, JsonValue> = {};
  for (const [key, entry] of map) set(result, String(key), convert(entry, walk, String(key)));
  return result;
}

function convertBytes(value: ArrayBuffer | ArrayBufferView, walk: Walk): JsonValue {
  if (value.byteLength > MAX_DATA_BYTES) throw tooLarge();
  if (value instanceof ArrayBuffer) return Buffer.from(value).toString('base64');
  if (!(value instanceof Uint8Array) && !(value instanceof DataView))
    return convertArray([...(value as unknown as Iterable<unknown>)], walk);
  return Buffer.from(value.buffer, value.byteOffset, value.byteLength).toString('base64');
}

function read(holder: object, key: Key, walk: Walk): JsonValue | undefined {
  let value: unknown;
  try {
    value = (holder as Record<string | number, unknown>)[key];
  } catch (error) {
    return unreadable(error);
  }
  return convert(value, walk, key);
}

function set(target: Record<string, JsonValue>, key: string, value: JsonValue | undefined): void {
  if (value === undefined) return;
  if (key !== '__proto__') target[toWellFormed(key)] = value;
  else Object.defineProperty(target, key, { value, enumerable: true, configurable: true, writable: true });
}

function unreadable(error: unknown): string {
  try {
    return `[Unreadable: ${toWellFormed(String(error instanceof Error ? error.message : error).slice(0, 100))}]`;
  } catch {
    return '[Unreadable]';
  }
}

function tooDeep({ keys }: Walk, key: Key): FaultError {
  const path = [...keys.slice(1), key].map((part) => (typeof part === 'number' ? `[${part}]` : `.${part}`));
  const reason = `is nested more than ${MAX_DATA_DEPTH} deep`;
  return new FaultError({ code: 'too_deep', reason, limit: MAX_DATA_DEPTH }, path.join('').slice(0, 100));
}

function tooLarge(): FaultError {
  return fault(
    'too_large',
    `is larger than ${MAX_DATA_BYTES} bytes of JSON; keep large parts elsewhere`,
    MAX_DATA_BYTES,
  );
}
