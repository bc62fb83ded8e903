import type { JsonObject, JsonValue } from '../event/event';

/** A key at which the path may continue, and the index of the segment after it. */
interface Step {
  readonly key: string;
  readonly next: number;
}

/**
 * Creates a function that returns whether any value at a path of `data` passes a test.
 *
 * Consecutive segments joined by dots may be one key. Arrays are traversed at every level: the test receives their elements,
 * never an array. Each value is visited at most once, because the keys above it match the path in only one way.
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
