import type { StoredEvent } from '@vigilant/core';
import type { EncodedHead, PageRows, RowEvent } from '@vigilant/core/adapter';
import { encodeParts, eventFromParts } from '@vigilant/core/adapter';

/** Maximum bytes of a UTF-16 code unit in JSON: a control character becomes `\u0000`. */
const MAX_ESCAPED = 6;

/** Maximum bytes of an encoded event beyond its texts, and of a tag beyond its text. */
const MAX_REST = 300;
const MAX_TAG_REST = 3;

/** The events of a page, in their order. */
export interface MeasuredPage extends PageRows<RowEvent> {
  readonly events: readonly StoredEvent[];
}

/** Creates an empty page that has at most `limit` events and ends once their encoding reaches `maxBytes`. */
export function createMeasuredPage(limit: number, maxBytes: number): MeasuredPage {
  return new MeasuredEvents(limit, maxBytes);
}

/** Returns an upper bound of the bytes of an encoded event. Its data is already JSON, so nothing in it is escaped again. */
export function maxEncodedBytes(head: EncodedHead, dataJson: string): number {
  const { id, message, origin, source, type, group, tags } = head;
  const texts = [id, message, origin, source, type, group, ...tags];
  const characters = texts.reduce((total, { length }) => total + length, 0);
  return Buffer.byteLength(dataJson) + MAX_ESCAPED * characters + MAX_TAG_REST * tags.length + MAX_REST;
}

/** Counts the bytes of events by encoding them, but only when the upper bound of the page reaches its maximum. */
class MeasuredEvents implements MeasuredPage {
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

  get count(): number {
    return this.events.length;
  }

  get isFull(): boolean {
    return this.events.length >= this.#limit || this.#upperBound >= this.#maxBytes;
  }

  add(event: RowEvent): void {
    const { head, dataJson, sequence } = event;
    this.events.push({ ...eventFromParts(head, dataJson), sequence });
    const bound = maxEncodedBytes(head, dataJson);
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
