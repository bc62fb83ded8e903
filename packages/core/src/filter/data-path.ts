import type { JsonObject, JsonValue } from '../event/event';

/** A key that the path may go through, and how many segments lead past it. */
interface Step {
  readonly key: string;
  readonly next: number;
}

/**
 * Makes a function that looks for a value under a path of `data` and tells whether any found value passes the test.
 *
 * Each run of segments joined by dots may be one key. Arrays are seen through at every level: the test gets their
 * elements, never an array. Each value of the data is visited once at most, for the keys above it use up the path in one way only.
 */
export function createPathTest(
  path: readonly string[],
  test: (value: JsonValue) => boolean,
): (data: JsonObject) => boolean {
  const steps = path.map((_, start) => stepsFrom(path, start));
  const visit = (value: JsonValue, index: number): boolean => {
    if (Array.isArray(value)) {
      for (const element of value as readonly JsonValue[]) if (visit(element, index)) return true;
      return false;
    }
    const keys = steps[index];
    if (keys === undefined) return test(value);
    if (typeof value !== 'object' || value === null) return false;
    const object = value as JsonObject;
    for (const { key, next } of keys) {
      if (Object.hasOwn(object, key) && visit(object[key] as JsonValue, next)) return true;
    }
    return false;
  };
  return (data) => visit(data, 0);
}

function stepsFrom(path: readonly string[], start: number): readonly Step[] {
  return path.slice(start).map((_, index) => {
    const next = start + index + 1;
    return { key: path.slice(start, next).join('.'), next };
  });
}
