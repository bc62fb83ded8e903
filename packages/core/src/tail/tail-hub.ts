import type { Event } from '../event/event';
import type { TailItem } from '../vigilant';
import type { JoinOptions } from './member';
import { createMember } from './member';
import type { Session, TailHubParts } from './session';
import { createSession } from './session';

/** Feeds all tails of a process: `watch` is the fast path, the store the truth. */
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
  /** The next item; `undefined` when the tail has ended. One call at a time. */
  next(): Promise<TailItem | undefined>;
  leave(): void;
}

/** Creates a hub; it does nothing while nobody reads. */
export function createTailHub(parts: TailHubParts): TailHub {
  const readers = new Set<TailReader>();
  let session: Session | undefined;

  return {
    get readers() {
      return readers.size;
    },
    join(options) {
      const current = (session ??= createSession(parts));
      const member = createMember(options);
      const { cursor } = options;
      const failure = cursor === undefined ? current.joinNow(member) : undefined;
      // The failure is thrown by `next`; nobody may be there yet to hear of it.
      failure?.catch(() => {});
      const replay = cursor === undefined ? undefined : current.replay(member, cursor);
      let isLive = cursor === undefined;
      let hasLeft = false;
      const reader: TailReader = {
        async next() {
          if (hasLeft) return undefined;
          if (!isLive) {
            const { value, done } = await (replay as AsyncGenerator<TailItem>).next();
            if (done !== true) return value as TailItem;
            isLive = true;
          }
          await failure?.catch((error: unknown) => {
            reader.leave();
            throw error;
          });
          return member.next();
        },
        leave() {
          hasLeft = true;
          member.end();
          current.leave(member);
          readers.delete(reader);
          if (readers.size > 0 || session !== current) return;
          session = undefined;
          void current.close();
        },
      };
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
