import type { Event, StoredEvent } from '../event/event';
import type { TailCursor } from '../query/cursor';
import { createRecent } from '../util/recent';
import type { Subscriber } from './subscriber';

/** Ids remembered of either kind; beyond it repeats are possible. */
const MAX_IDS = 200_000;

/** Who announces a published event: this process as soon as its publish resolves, or the watch. */
export type PublishedBy = 'publisher' | 'watch';

/** Offers each event to the subscribers once, from the first source that supplies it: publisher, watch or store. */
export interface TailBroadcast {
  readonly subscribers: Set<Subscriber>;
  /** Offers an event that was published. */
  published(event: Event, at: TailCursor, by: PublishedBy): void;
  /** Offers an event that was read from the store, in order of arrival. */
  stored(event: StoredEvent, at: TailCursor): void;
  /** Adds a subscriber. Events that were offered earlier but are not yet stored reach it through the store. */
  subscribe(subscriber: Subscriber): void;
}

/** An event that some subscriber accepted and that has not been read from the store yet. */
interface Sent {
  /** The turn in which it was offered. */
  readonly turn: number;
  readonly isWatched: boolean;
}

/** Creates a broadcast without subscribers. */
export function createTailBroadcast(): TailBroadcast {
  const subscribers = new Set<Subscriber>();
  const ahead = createRecent<Sent>(MAX_IDS);
  /** Sequences of stored events that the watch has not delivered yet; infinite when only the watch is still to deliver them. */
  const behind = createRecent<number>(MAX_IDS);
  /** The turn in which each subscriber was subscribed: it was not offered the events of earlier turns. */
  const subscribed = new WeakMap<Subscriber, number>();
  let turn = 0;

  return {
    subscribers,
    published(event, at, by) {
      const isWatched = by === 'watch';
      const sequence = behind.get(event.id);
      if (sequence !== undefined) {
        if (isWatched) behind.delete(event.id);
        else behind.set(event.id, Infinity);
        // Members that joined beyond this sequence were passed over when the store showed it.
        for (const subscriber of subscribers)
          if (subscriber.consideredThrough >= sequence) subscriber.offerPublished(event, at);
        return;
      }
      const sent = ahead.get(event.id);
      if (sent !== undefined) {
        if (isWatched) ahead.set(event.id, { turn: sent.turn, isWatched });
        return;
      }
      let isWanted = false;
      for (const subscriber of subscribers) if (subscriber.offerPublished(event, at)) isWanted = true;
      if (isWanted) ahead.set(event.id, { turn, isWatched });
    },
    stored(event, at) {
      const sent = ahead.get(event.id);
      ahead.delete(event.id);
      if (sent?.isWatched !== true) behind.set(event.id, sent === undefined ? event.sequence : Infinity);
      for (const subscriber of subscribers) {
        if (sent === undefined || sent.turn < (subscribed.get(subscriber) ?? 0))
          subscriber.offerStored(event, at);
      }
    },
    subscribe(subscriber) {
      if (subscriber.hasEnded) return;
      turn += 1;
      subscribed.set(subscriber, turn);
      subscribers.add(subscriber);
    },
  };
}
