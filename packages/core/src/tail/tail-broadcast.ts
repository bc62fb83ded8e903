import type { Event, StoredEvent } from '../event/event';
import type { TailCursor } from '../query/cursor';
import { createRecent } from '../util/recent';
import type { Subscriber } from './subscriber';

/** Maximum number of ids remembered of each kind; beyond it, events may repeat. */
const MAX_IDS = 200_000;

/** Source that announces a published event: this process as soon as its publish resolves, or the watch. */
export type PublishedBy = 'publisher' | 'watch';

/** Offers each event to the subscribers once, from the first source that supplies it: publisher, watch or store. */
export interface TailBroadcast {
  readonly subscribers: ReadonlySet<Subscriber>;
  /** Offers an event that was published. */
  published(event: Event, at: TailCursor, by: PublishedBy): void;
  /** Offers an event that was read from the store, in order of arrival. */
  stored(event: StoredEvent, at: TailCursor): void;
  /**
   * Adds a subscriber, unless it has ended. Events that were offered earlier but are not yet stored reach it through the
   * store.
   */
  subscribe(subscriber: Subscriber): void;
  remove(subscriber: Subscriber): void;
}

/** An event that some subscriber accepted and that has not been read from the store yet. */
interface Sent {
  /** Number of subscriptions before it was offered. */
  readonly subscriptions: number;
  readonly isWatched: boolean;
}

/** Creates a broadcast without subscribers. */
export function createTailBroadcast(): TailBroadcast {
  return new OnceBroadcast();
}

class OnceBroadcast implements TailBroadcast {
  readonly subscribers = new Set<Subscriber>();
  readonly #ahead = createRecent<Sent>(MAX_IDS);
  /** Sequences of stored events that the watch has not delivered yet; infinite when only the watch is still to deliver them. */
  readonly #behind = createRecent<number>(MAX_IDS);
  /** Value of `#subscriptions` from which each subscriber was offered events. */
  readonly #subscribed = new WeakMap<Subscriber, number>();
  #subscriptions = 0;

  published(event: Event, at: TailCursor, by: PublishedBy): void {
    const isWatched = by === 'watch';
    const sequence = this.#behind.get(event.id);
    if (sequence !== undefined) {
      if (isWatched) this.#behind.delete(event.id);
      else this.#behind.set(event.id, Infinity);
      // Subscribers whose position was beyond this sequence skipped the event when it was read from the store.
      for (const subscriber of this.subscribers)
        if (subscriber.consideredThrough >= sequence) subscriber.offerPublished(event, at);
      return;
    }
    const sent = this.#ahead.get(event.id);
    if (sent !== undefined) {
      if (isWatched) this.#ahead.set(event.id, { ...sent, isWatched });
      return;
    }
    let isWanted = false;
    for (const subscriber of this.subscribers) if (subscriber.offerPublished(event, at)) isWanted = true;
    if (isWanted) this.#ahead.set(event.id, { subscriptions: this.#subscriptions, isWatched });
  }

  stored(event: StoredEvent, at: TailCursor): void {
    const sent = this.#ahead.get(event.id);
    this.#ahead.delete(event.id);
    if (sent?.isWatched !== true) this.#behind.set(event.id, sent === undefined ? event.sequence : Infinity);
    for (const subscriber of this.subscribers) {
      if (sent === undefined || sent.subscriptions < (this.#subscribed.get(subscriber) ?? 0))
        subscriber.offerStored(event, at);
    }
  }

  subscribe(subscriber: Subscriber): void {
    if (subscriber.hasEnded) return;
    this.#subscriptions += 1;
    this.#subscribed.set(subscriber, this.#subscriptions);
    this.subscribers.add(subscriber);
  }

  remove(subscriber: Subscriber): void {
    this.subscribers.delete(subscriber);
  }
}
