import type { EventQuery } from '../contracts/query';
import { encodedSize } from '../event/codec';
import type { StoredEvent } from '../event/event';
import type { PageRows } from './scan-windows';

/** The events of a page, in order. */
export interface PageEvents extends PageRows<StoredEvent> {
  readonly events: readonly StoredEvent[];
}

/** Creates an empty page for `scanWindows` that ends at the limit and the maximum bytes of a query. */
export function createPageEvents({ limit, maxBytes }: Pick<EventQuery, 'limit' | 'maxBytes'>): PageEvents {
  return new CountedEvents(limit, maxBytes);
}

class CountedEvents implements PageEvents {
  readonly events: StoredEvent[] = [];
  readonly #limit: number;
  readonly #maxBytes: number;
  #bytes = 0;

  constructor(limit: number, maxBytes: number) {
    this.#limit = limit;
    this.#maxBytes = maxBytes;
  }

  get count(): number {
    return this.events.length;
  }

  get isFull(): boolean {
    return this.events.length >= this.#limit || this.#bytes >= this.#maxBytes;
  }

  add(event: StoredEvent): void {
    this.events.push(event);
    this.#bytes += encodedSize(event);
  }
}
