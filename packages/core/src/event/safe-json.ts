import { types } from 'node:util';
import type { JsonObject, JsonValue } from './event';
import { heldMessageFields, httpMessageFields } from './http-messages';
import type { JsonWalk, Key } from './json-walk';
import {
  TOO_DEEP,
  TOO_LARGE,
  checkRoom,
  countValue,
  createWalk,
  estimateCharacters,
  isSpent,
  rejectDeep,
  toBase64,
  toDigits,
  toText,
} from './json-walk';
import { MAX_DATA_DEPTH } from './limits';
import { toWellFormed } from '../util/text';
import { FaultError, fault } from './violations';

/** Type of a `toJSON` method. */
// eslint-disable-next-line @typescript-eslint/no-unsafe-function-type
type AnyFunction = Function;

/** Maximum number of nested causes of an Error. Deeper ones become a mark, so that no Error is rejected for its depth. */
const MAX_CAUSES = 8;

/** Maximum number of elements of a collection that are read when data is cut to fit. */
const MAX_CUT_ELEMENTS = 32 * 1024;

/** The key of the mark for keys that were left out. */
const REST = '…';

/**
 * Converts any object to a readable JSON object, which shares no objects with it.
 *
 * JSON values are kept. Dates become ISO 8601 text, bigints decimal text, NaN and infinities their names, Errors objects with
 * name, message, stack, cause and own fields, Maps objects, Sets arrays, and bytes base64. Functions, symbols and undefined
 * are left out. Requests and responses are reduced to their identifying fields, without credentials. Cycles and throwing
 * getters become a mark. `toJSON` is called. Values from other realms, such as a `vm` context, are converted the same way.
 *
 * @returns The object and the approximate number of characters of its JSON.
 * @throws {FaultError} For arrays, for values that are not objects, and beyond the limits of depth and size.
 */
export function toJsonObject(value: object): { readonly value: JsonObject; readonly characters: number } {
  if (Array.isArray(value)) throw fault('wrong_type', 'must be an object, not an array; put it under a key');
  const walk = createWalk(false);
  const result = convert(value, walk, '');
  if (isObject(result)) return { value: result, characters: estimateCharacters(walk) };
  throw fault('wrong_type', 'must be an object; put the value under a key');
}

/**
 * Converts any value to a JSON object as `toJsonObject` does, but cuts it to the limits: long text is shortened, values
 * that are too large or too deep become a mark, and a value that is not an object is put under the key `value`.
 */
export function toFittingObject(value: unknown): JsonObject {
  const result = convert(value, createWalk(true), '');
  if (isObject(result)) return result;
  return result === undefined ? {} : { value: result };
}

/** Returns whether a value is an Error, including one from another realm. */
export function isError(value: unknown): value is Error {
  try {
    return types.isNativeError(value) || value instanceof Error;
  } catch {
    // The prototype of a revoked Proxy cannot be read.
    return false;
  }
}

function isObject(value: JsonValue | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Converts a value to JSON. Returns `undefined` if it is left out. */
function convert(value: unknown, walk: JsonWalk, key: Key): JsonValue | undefined {
  countValue(walk);
  switch (typeof value) {
    case 'string':
      return toText(walk, value);
    case 'number':
      return Number.isFinite(value) ? value + 0 : String(value);
    case 'boolean':
      return value;
    case 'bigint':
      return toDigits(walk, value);
    case 'object':
      return value === null ? null : convertObject(value, walk, key);
    default:
      return undefined;
  }
}

function convertObject(value: object, walk: JsonWalk, key: Key): JsonValue | undefined {
  if (walk.ancestors.includes(value)) return '[Circular]';
  if (walk.ancestors.length >= MAX_DATA_DEPTH) return rejectDeep(walk, key);
  walk.ancestors.push(value);
  walk.keys.push(key);
  try {
    return Array.isArray(value) ? convertArray(value, walk) : convertNonArray(value, walk);
  } catch (error) {
    if (error instanceof FaultError) throw error;
    return toText(walk, unreadable(error));
  } finally {
    walk.ancestors.pop();
    walk.keys.pop();
  }
}

function convertArray(value: readonly unknown[], walk: JsonWalk): JsonValue[] {
  const { length } = value;
  checkRoom(walk, length);
  const result: JsonValue[] = walk.cuts ? [] : new Array<JsonValue>(length);
  for (let index = 0; index < length; index += 1) {
    if (isSpent(walk)) {
      result.push(TOO_LARGE);
      break;
    }
    result[index] = read(value, index, walk) ?? null;
  }
  return result;
}

function convertNonArray(value: object, walk: JsonWalk): JsonValue | undefined {
  const prototype: unknown = Object.getPrototypeOf(value);
  if (prototype === Object.prototype || prototype === null) {
    const { toJSON } = value as { toJSON?: unknown };
    return typeof toJSON === 'function' ? convertByToJson(value, toJSON, walk) : fields(value, walk);
  }
  if (isError(value)) return convertError(value, walk);
  if (types.isDate(value)) return Number.isNaN(value.getTime()) ? 'Invalid Date' : value.toISOString();
  if (types.isMap(value)) return convertMap(value, walk);
  if (types.isSet(value)) return convertArray(elementsOf(value, walk), walk);
  if (types.isAnyArrayBuffer(value)) return toBase64(walk, new Uint8Array(value));
  if (ArrayBuffer.isView(value)) return convertView(value, walk);
  if (types.isRegExp(value)) return toText(walk, String(value));
  if (types.isBoxedPrimitive(value)) return convert(value.valueOf(), walk, '');
  if (types.isPromise(value) || value instanceof WeakMap || value instanceof WeakSet) return {};
  // Before `toJSON`, by which Koa returns all headers.
  const held = heldMessageFields(value);
  if (held !== undefined) return fields(held, walk);
  const { toJSON } = value as { toJSON?: unknown };
  if (typeof toJSON === 'function') return convertByToJson(value, toJSON, walk);
  return fields(httpMessageFields(value) ?? value, walk);
}

function convertByToJson(value: object, toJson: AnyFunction, walk: JsonWalk): JsonValue | undefined {
  const json: unknown = toJson.call(value, '');
  if (typeof json !== 'object' || json === null) return convert(json, walk, '');
  // The fields of the result are read directly, because it may be the object itself.
  return Array.isArray(json) ? convertArray(json, walk) : fields(json, walk);
}

function fields(value: object, walk: JsonWalk, result: Record<string, JsonValue> = {}): JsonObject {
  for (const key of Object.keys(value)) {
    if (isSpent(walk)) {
      result[REST] = TOO_LARGE;
      break;
    }
    set(result, key, read(value, key, walk), walk);
  }
  return result;
}

function convertError(error: Error, walk: JsonWalk): JsonObject {
  const result: Record<string, JsonValue> = {};
  for (const key of ['name', 'message', 'stack']) set(result, key, read(error, key, walk), walk);
  const causes = walk.ancestors.filter(isError).length;
  for (const key of ['cause', 'errors']) {
    if (!(key in error)) continue;
    const isDeep = causes >= MAX_CAUSES || walk.ancestors.length >= MAX_DATA_DEPTH;
    set(result, key, isDeep ? TOO_DEEP : read(error, key, walk), walk);
  }
  return fields(error, walk, result);
}

function convertMap(map: ReadonlyMap<unknown, unknown>, walk: JsonWalk): JsonValue {
  const entries = elementsOf(map, walk);
  const isKey = (key: unknown): key is Key => typeof key === 'string' || typeof key === 'number';
  if (!entries.every(([key]) => isKey(key))) return convertArray(entries, walk);
  const result: Record<string, JsonValue> = {};
  for (const [key, entry] of entries as [Key, unknown][]) {
    if (isSpent(walk)) {
      result[REST] = TOO_LARGE;
      break;
    }
    set(result, String(key), convert(entry, walk, String(key)), walk);
  }
  return result;
}

/** Returns the elements of a collection, at most as many as can fit: the iterator of a subclass may have no end. */
function elementsOf<T>(collection: Iterable<T> & { readonly size: number }, walk: JsonWalk): T[] {
  checkRoom(walk, collection.size);
  const elements: T[] = [];
  for (const element of collection) {
    elements.push(element);
    checkRoom(walk, elements.length);
    if (walk.cuts && elements.length > MAX_CUT_ELEMENTS) break;
  }
  return elements;
}

function convertView(view: ArrayBufferView, walk: JsonWalk): JsonValue {
  if (types.isUint8Array(view)) return toBase64(walk, view);
  const { buffer, byteOffset, byteLength } = view;
  if (types.isDataView(view)) return toBase64(walk, new Uint8Array(buffer, byteOffset, byteLength));
  return convertArray(view as unknown as readonly unknown[], walk);
}

function read(holder: object, key: Key, walk: JsonWalk): JsonValue | undefined {
  let value: unknown;
  try {
    value = (holder as Record<string | number, unknown>)[key];
  } catch (error) {
    value = unreadable(error);
  }
  return convert(value, walk, key);
}

function set(
  target: Record<string, JsonValue>,
  key: string,
  value: JsonValue | undefined,
  walk: JsonWalk,
): void {
  if (value === undefined) return;
  const name = toText(walk, key);
  if (name !== '__proto__') target[name] = value;
  else Object.defineProperty(target, name, { value, enumerable: true, configurable: true, writable: true });
}

function unreadable(error: unknown): string {
  try {
    return `[Unreadable: ${toWellFormed(String(isError(error) ? error.message : error).slice(0, 100))}]`;
  } catch {
    return '[Unreadable]';
  }
}
