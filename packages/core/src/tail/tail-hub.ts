import type { Clock } from '../util/clock';
import { keepAlive } from '../util/clock';
import type { Event } from '../event/event';
import type { TailItem } from '../contracts/vigilant';
import type { JoinOptions } from './subscriber';
import { createSubscriber } from './subscriber';
import type { TailSession, TailHubParts } from './tail-session';
import { createTailSession } from './tail-session';

/** Feeds all tails of a process: publishers and `watch` are the fast path, the store is authoritative. */
export interface TailHub {
  readonly readers: number;
  join(options: JoinOptions): TailReader;
  /** Announces events that this process has published, in the order of their acknowledgement. */
  published(events: readonly Event[]): void;
  /** Ends all tails. */
  close(): Promise<void>;
}

/** One tail. */
export interface TailReader {
  /**
   * Resolves to the next item, or to `undefined` once the tail has ended or failed. One call at a time.
   *
   * Keeps the process alive while it is pending.
   */
  next(): Promise<TailItem | undefined>;
  leave(): void;
}

/** Creates a hub; it does nothing without readers. */
export function createTailHub(parts: TailHubParts): TailHub {
  const readers = new Set<TailReader>();
  let session: TailSession | undefined;

  return {
    get readers() {
      return readers.size;
    },
    join(options) {
      const current = (session ??= createTailSession(parts));
      const reader = createReader(parts.clock, current, options, () => {
        readers.delete(reader);
        if (readers.size > 0 || session !== current) return;
        session = undefined;
        void current.close();
      });
      readers.add(reader);
      return reader;
    },
    published: (events) => session?.published(events),
    async close() {
      const current = session;
      for (const reader of [...readers]) reader.leave();
      await current?.close();
    },
  };
}

function createReader(clock: Clock, session: TailSession, options: JoinOptions, onLeave: () => void): TailReader {
  const subscriber = createSubscriber(options);
  const { cursor } = options;
  const joining = cursor === undefined ? session.joinNow(subscriber) : undefined;
  let replay = cursor === undefined ? undefined : session.replay(subscriber, cursor);
  let hasLeft = false;
  let endPending = (): void => {};

  const advance = async (): Promise<TailItem | undefined> => {
    if (replay !== undefined) {
      const { value, done } = await replay.next();
      if (done !== true) return value as TailItem;
      replay = undefined;
    }
    await joining;
    return subscriber.next();
  };

  const leave = (): void => {
    hasLeft = true;
    endPending();
    subscriber.end();
    session.leave(subscriber);
    onLeave();
  };

  return {
    async next() {
      if (hasLeft) return undefined;
      const left = new Promise<undefined>((resolve) => (endPending = () => resolve(undefined)));
      const alive = keepAlive(clock);
      try {
        return await Promise.race([advance(), left]);
      } catch (error) {
        leave();
        throw error;
      } finally {
        alive.cancel();
      }
    },
    leave,
  };
}
