/** A map of the most recent entries. */
export interface Recent<V> {
  set(key: string, value: V): void;
  get(key: string): V | undefined;
  delete(key: string): boolean;
}

/**
 * Creates a map that keeps at most `max` entries and at least the latest half of them.
 *
 * The older half is dropped at once, because the iterator that finds the oldest entry of a `Map` visits every entry deleted before it.
 */
export function createRecent<V>(max: number): Recent<V> {
  return new TwoGenerations(max);
}

class TwoGenerations<V> implements Recent<V> {
  readonly #maxYoung: number;
  #young = new Map<string, V>();
  #old = new Map<string, V>();

  constructor(max: number) {
    this.#maxYoung = Math.ceil(max / 2);
  }

  set(key: string, value: V): void {
    this.#old.delete(key);
    this.#young.set(key, value);
    if (this.#young.size < this.#maxYoung) return;
    this.#old = this.#young;
    this.#young = new Map();
  }

  get(key: string): V | undefined {
    return this.#young.get(key) ?? this.#old.get(key);
  }

  delete(key: string): boolean {
    return this.#young.delete(key) || this.#old.delete(key);
  }
}
