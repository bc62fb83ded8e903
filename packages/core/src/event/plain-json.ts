import { isWellFormed } from '../util/text';
import { MAX_DATA_DEPTH } from './limits';

/**
 * Returns whether `JSON.stringify` writes a value as it is: only plain objects, arrays, well-formed text, finite numbers,
 * booleans and `null`, within the limit of depth. Most data is plain, and is not copied before it is encoded.
 */
export function isPlainJson(value: unknown, depth = 1): boolean {
  switch (typeof value) {
    case 'string':
      return isWellFormed(value);
    case 'number':
      return Number.isFinite(value);
    case 'boolean':
      return true;
    case 'object':
      return value === null || (depth <= MAX_DATA_DEPTH && isPlainObject(value, depth));
    default:
      return false;
  }
}

function isPlainObject(value: object, depth: number): boolean {
  if (typeof (value as { readonly toJSON?: unknown }).toJSON === 'function') return false;
  if (Array.isArray(value)) {
    for (let index = 0; index < value.length; index += 1)
      if (!isPlainJson(value[index], depth + 1)) return false;
    return true;
  }
  const prototype: unknown = Object.getPrototypeOf(value);
  if (prototype !== Object.prototype && prototype !== null) return false;
  for (const key of Object.keys(value))
    if (!isWellFormed(key) || !isPlainJson((value as Readonly<Record<string, unknown>>)[key], depth + 1))
      return false;
  return true;
}
