import type { Event } from '@vigilant/core';
import type { EncodedEvents, Watch } from '@vigilant/core/adapter';
import { createWatch } from '@vigilant/core/adapter';
import { readBody } from './read-batch';

/** The watches of a broker. */
export class Watches {
  readonly #watches = new Set<Watch<Event>>();

  get isEmpty(): boolean {
    return this.#watches.size === 0;
  }

  /** Adds a watch, which is removed when it ends. */
  add(maxBufferedBytes: number, signal: AbortSignal): Watch<Event> {
    return createWatch(this.#watches, maxBufferedBytes, signal);
  }

  /** Shows events to all watches. Decodes them only if there is one. */
  show(events: EncodedEvents): void {
    if (!this.isEmpty) this.#push(events.decode(), events.bytes);
  }

  /** Shows the events of a body that another process wrote. */
  showBody(body: ArrayBuffer): void {
    if (this.isEmpty) return;
    try {
      this.show(readBody(body));
    } catch {
      this.reportGap();
    }
  }

  /** Fails the watches, because they missed events: an infinite size exceeds their bound. */
  reportGap(): void {
    this.#push([], Infinity);
  }

  end(): void {
    for (const watch of this.#watches) watch.end();
  }

  #push(events: readonly Event[], bytes: number): void {
    for (const watch of this.#watches) watch.push(events, bytes);
  }
}
