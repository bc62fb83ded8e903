const MIN_CAPACITY = 1_024;

/**
 * A list that grows and shrinks at both ends without moving its items.
 *
 * Each item has a position, which does not change while it is in the list. The position before the first one may be negative.
 */
export class Ring<T> {
  /** The item of a position is in the cell of its lowest bits. The number of cells is a power of two. */
  #cells = emptyCells<T>(MIN_CAPACITY);
  #first = 0;
  #length = 0;

  get first(): number {
    return this.#first;
  }
  get length(): number {
    return this.#length;
  }

  at(position: number): T | undefined {
    const index = position - this.#first;
    return index >= 0 && index < this.#length ? this.#cells[position & (this.#cells.length - 1)] : undefined;
  }

  /** Returns the items of the positions from `start` to before `end` that exist. */
  slice(start: number, end: number): T[] {
    const items: T[] = [];
    for (let position = start; position < end; position++) {
      const item = this.at(position);
      if (item !== undefined) items.push(item);
    }
    return items;
  }

  /** Adds an item at the end and returns its position. */
  push(item: T): number {
    this.#grow();
    const position = this.#first + this.#length++;
    this.#set(position, item);
    return position;
  }

  /** Adds an item at the start and returns its position. */
  unshift(item: T): number {
    this.#grow();
    this.#length++;
    this.#set(--this.#first, item);
    return this.#first;
  }

  /** Removes the last item and returns it. */
  pop(): T | undefined {
    const last = this.#first + this.#length - 1;
    const item = this.at(last);
    if (this.#length > 0) this.#length--;
    this.#set(last, undefined);
    return item;
  }

  /** Removes the first item and returns it. */
  shift(): T | undefined {
    const item = this.at(this.#first);
    if (this.#length === 0) return undefined;
    this.#length--;
    this.#set(this.#first++, undefined);
    return item;
  }

  /** Removes all items. The next one continues at the position of the first. */
  clear(): void {
    this.#cells = emptyCells(MIN_CAPACITY);
    this.#length = 0;
  }

  #set(position: number, item: T | undefined): void {
    this.#cells[position & (this.#cells.length - 1)] = item;
  }

  #grow(): void {
    if (this.#length < this.#cells.length) return;
    const items = this.slice(this.#first, this.#first + this.#length);
    this.#cells = emptyCells(2 * this.#length);
    for (const [index, item] of items.entries()) this.#set(this.#first + index, item);
  }
}

const emptyCells = <T>(count: number): (T | undefined)[] => new Array<T | undefined>(count).fill(undefined);
