/** Remembers the ids that were added last: at least `limit` of them, at most twice as many. */
export class RecentIds {
  readonly #limit: number;
  #current = new Set<string>();
  #previous = new Set<string>();

  constructor(limit: number) {
    this.#limit = limit;
  }

  has(id: string): boolean {
    return this.#current.has(id) || this.#previous.has(id);
  }

  add(id: string): void {
    this.#current.add(id);
    if (this.#current.size < this.#limit) return;
    this.#previous = this.#current;
    this.#current = new Set();
  }
}
