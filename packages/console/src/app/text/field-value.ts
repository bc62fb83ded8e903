import type { ApiEvent, Json } from '../api/types';

/** Returns the keys of a path such as `data.http.status` or `data."odd key".x`, without `data`. */
export function splitPath(field: string): readonly string[] {
  const keys: string[] = [];
  for (const [, quoted, plain] of field.slice('data'.length).matchAll(/\.(?:"((?:[^"\\]|\\.)*)"|([^.]*))/g))
    keys.push(plain ?? (quoted ?? '').replace(/\\(["\\])/g, '$1'));
  return keys;
}

/** Formats keys below `data` as a field of the filter language. */
export function joinPath(keys: readonly string[]): string {
  const segments = keys.map((key) =>
    /^[^\s"().,:=<>!*\\]+$/.test(key) ? key : `"${key.replace(/["\\]/g, '\\$&')}"`,
  );
  return ['data', ...segments].join('.');
}

/** Returns the value of a field as text for a column; several values are separated by commas. */
export function fieldText(event: ApiEvent, field: string): string {
  if (!field.startsWith('data.')) {
    const value = event[(field === 'tag' ? 'tags' : field) as keyof ApiEvent] as Json | undefined;
    return value === undefined ? '' : toText(value);
  }
  return valuesAt(event.data, splitPath(field)).map(toText).join(', ');
}

/** Returns the values at a path. Keys may contain dots, and arrays are traversed, as in the filter language. */
function valuesAt(value: Json, keys: readonly string[]): readonly Json[] {
  if (Array.isArray(value)) return value.flatMap((each: Json) => valuesAt(each, keys));
  if (keys.length === 0) return [value];
  if (typeof value !== 'object' || value === null) return [];
  return keys.flatMap((_, index) => {
    const key = keys.slice(0, index + 1).join('.');
    const child = Object.hasOwn(value, key) ? (value as Record<string, Json>)[key] : undefined;
    return child === undefined ? [] : valuesAt(child, keys.slice(index + 1));
  });
}

function toText(value: Json): string {
  if (Array.isArray(value)) return value.map(toText).join(', ');
  return typeof value === 'string' ? value : JSON.stringify(value);
}
