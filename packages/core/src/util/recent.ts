/** What was remembered last, by key; older entries are forgotten. */
export interface Recent<V> {
  set(key: string, value: V): void;
  get(key: string): V | undefined;
  delete(key: string): boolean;
}

/**
 * Remembers the last `most` entries at most, and half as many at least.
 *
 * Forgetting one entry of a `Map` at a time would look through all that were forgotten before; here half of them go at once.
 */
export function createRecent<V>(most: number): Recent<V> {
  const half = Math.ceil(most / 2);
  let young = new Map<string, V>();
  let old = new Map<string, V>();
  return {
    set(key, value) {
      old.delete(key);
      young.set(key, value);
      if (young.size < half) return;
      old = young;
      young = new Map();
    },
    get: (key) => young.get(key) ?? old.get(key),
    delete: (key) => young.delete(key) || old.delete(key),
  };
}
