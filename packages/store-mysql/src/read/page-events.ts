import type { StoredEvent } from '@vigilant/core';
import type { RowEvent } from '@vigilant/core/adapter';
import { encodeParts, eventFromParts } from '@vigilant/core/adapter';

/** Maximum bytes of a character in JSON, for each byte in UTF-8: a control character becomes `\u0000`. */
const MAX_ESCAPED = 6;

/** Maximum bytes of an encoded event beyond `MAX_ESCAPED` times `rowBytes`, which includes an estimate for the id and the numbers. */
const MAX_REST = 200;

/** The events of a page. */
export interface PageEvents {
  readonly events: readonly StoredEvent[];
  /** Whether the page has reached its limit or its maximum bytes. */
  readonly isFull: boolean;
  /**
   * Adds an event.
   *
   * @param rowBytes - The column `bytes` of its row.
   */
  add(event: RowEvent, rowBytes: number): void;
}

/** Creates an empty page that has at most `limit` events and ends once their encoding reaches `maxBytes`. */
export function createPageEvents(limit: number, maxBytes: number): PageEvents {
  return new MeasuredEvents(limit, maxBytes);
}

/** Returns an upper bound of the bytes of an encoded event. Its data is already JSON, so nothing in it is escaped again. */
export function maxEncodedBytes({ dataJson }: RowEvent, rowBytes: number): number {
  const dataBytes = Buffer.byteLength(dataJson);
  return dataBytes + MAX_ESCAPED * (rowBytes - dataBytes) + MAX_REST;
}

/** Counts the bytes of events by encoding them, but only when the upper bound of the page reaches its maximum. */
class MeasuredEvents implements PageEvents {
  readonly events: StoredEvent[] = [];
  readonly #limit: number;
  readonly #maxBytes: number;
  /** Exact for all events but those in `#unmeasured`. */
  #upperBound = 0;
  #unmeasured: { readonly event: RowEvent; readonly bound: number }[] = [];

  constructor(limit: number, maxBytes: number) {
    this.#limit = limit;
    this.#maxBytes = maxBytes;
  }

  get isFull(): boolean {
    return this.events.length >= this.#limit || this.#upperBound >= this.#maxBytes;
  }

  add(event: RowEvent, rowBytes: number): void {
    const { head, dataJson, sequence } = event;
    this.events.push({ ...eventFromParts(head, dataJson), sequence });
    const bound = maxEncodedBytes(event, rowBytes);
    this.#upperBound += bound;
    this.#unmeasured.push({ event, bound });
    if (this.#upperBound >= this.#maxBytes) this.#measure();
  }

  #measure(): void {
    for (const { event, bound } of this.#unmeasured)
      this.#upperBound += encodeParts(event.head, event.dataJson).byteLength - bound;
    this.#unmeasured = [];
  }
}
