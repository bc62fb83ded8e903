import type { TailItem } from '../contracts/vigilant';
import { encodedSize } from '../event/codec';
import type { Event } from '../event/event';
import type { Filter } from '../filter/ast';
import { MATCH_ALL } from '../filter/ast';
import type { TailCursor } from '../query/cursor';
import { encodeTailCursor } from '../query/cursor';
import type { ArrivalSource } from './arrivals';
import { readArrivals } from './arrivals';
import type { PublishedBy, TailBroadcast } from './tail-broadcast';

/** Maximum number of subscribers whose filters are combined to read the store. With more, all events are read. */
const MAX_COMBINED = 16;

/** Maximum encoded bytes of events kept until the position of the store is known; more are counted as a gap. */
const MAX_EARLY_BYTES = 16 * 1024 * 1024;

/** Supplies a broadcast with events: with published ones at once, and with stored ones in order of arrival. */
export interface TailFeed {
  /** Offers published events. Keeps them until the position of the store is known. */
  published(events: readonly Event[], by: PublishedBy): void;
  /** Sets the position up to which stored events need not be offered, and offers the events that were kept. */
  begin(position: TailCursor): void;
  /** Offers the stored events from the position to the end of the store. */
  readStore(): Promise<void>;
}

/** Creates a feed that has no position yet. */
export function createTailFeed(source: ArrivalSource, broadcast: TailBroadcast): TailFeed {
  return new StoreFeed(source, broadcast);
}

class StoreFeed implements TailFeed {
  readonly #source: ArrivalSource;
  readonly #broadcast: TailBroadcast;
  /** Position up to which all stored events were offered. */
  #position: TailCursor | undefined;
  /** Events published before the position was known. */
  #early: { readonly event: Event; readonly by: PublishedBy }[] = [];
  #earlyBytes = 0;
  #missedEarly = 0;

  constructor(source: ArrivalSource, broadcast: TailBroadcast) {
    this.#source = source;
    this.#broadcast = broadcast;
  }

  published(events: readonly Event[], by: PublishedBy): void {
    for (const event of events) {
      if (this.#position !== undefined) this.#broadcast.published(event, this.#position, by);
      else if (this.#earlyBytes < MAX_EARLY_BYTES) {
        this.#earlyBytes += encodedSize(event);
        this.#early.push({ event, by });
      } else this.#missedEarly += 1;
    }
  }

  begin(position: TailCursor): void {
    this.#position = position;
    for (const { event, by } of this.#early) this.#broadcast.published(event, position, by);
    this.#early = [];
    if (this.#missedEarly === 0) return;
    const cursor = encodeTailCursor(position);
    this.#pushToAll({ type: 'gap', reason: 'slow', missed: this.#missedEarly, cursor });
  }

  async readStore(): Promise<void> {
    const { subscribers } = this.#broadcast;
    if (this.#position === undefined || subscribers.size === 0) return;
    let position = this.#position;
    for (let more = true; more && !this.#source.signal.aborted;) {
      const page = await readArrivals(this.#source, this.#combinedFilter(), position.sequence);
      const { epoch, asOf, next } = page;
      if (epoch !== position.epoch) {
        this.#position = { epoch, sequence: asOf };
        return this.#pushToAll({ type: 'gap', reason: 'epoch', cursor: encodeTailCursor(this.#position) });
      }
      for (const event of page.events) this.#broadcast.stored(event, { epoch, sequence: event.sequence });
      more = next !== undefined;
      position = { epoch, sequence: next?.sequence ?? Math.max(position.sequence, asOf) };
      this.#position = position;
    }
    for (const subscriber of subscribers) subscriber.checkpoint(position);
  }

  #combinedFilter(): Filter {
    const filters = [...this.#broadcast.subscribers].map(({ filter }) => filter);
    return filters.length > MAX_COMBINED ? MATCH_ALL : { kind: 'or', filters };
  }

  #pushToAll(item: TailItem): void {
    for (const subscriber of this.#broadcast.subscribers) subscriber.push(item);
  }
}
