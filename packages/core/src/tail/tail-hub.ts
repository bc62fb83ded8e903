import type { Event } from '../event/event';
import type { JoinOptions } from './subscriber';
import type { TailReader } from './tail-reader';
import { createTailReader } from './tail-reader';
import type { TailSession, TailSessionParts } from './tail-session';
import { createTailSession } from './tail-session';

/** Feeds all tails of a process: publishers and `watch` are the fast path, the store is authoritative. */
export interface TailHub {
  /** Number of open tails. */
  readonly readers: number;
  join(options: JoinOptions): TailReader;
  /** Announces events that this process has published, in the order of their acknowledgement. */
  published(events: readonly Event[]): void;
  /** Ends all tails. */
  close(): Promise<void>;
}

/** Creates a hub; it does nothing without readers. */
export function createTailHub(parts: TailSessionParts): TailHub {
  return new SessionHub(parts);
}

class SessionHub implements TailHub {
  readonly #parts: TailSessionParts;
  readonly #readers = new Set<TailReader>();
  /** The current session; `undefined` while there are no readers. */
  #session: TailSession | undefined;

  constructor(parts: TailSessionParts) {
    this.#parts = parts;
  }

  get readers(): number {
    return this.#readers.size;
  }

  join(options: JoinOptions): TailReader {
    const session = (this.#session ??= createTailSession(this.#parts));
    const reader = createTailReader(options, {
      clock: this.#parts.clock,
      session,
      onLeave: (leaving) => this.#onLeave(leaving, session),
    });
    this.#readers.add(reader);
    return reader;
  }

  published(events: readonly Event[]): void {
    this.#session?.published(events);
  }

  async close(): Promise<void> {
    const session = this.#session;
    for (const reader of [...this.#readers]) reader.leave();
    await session?.close();
  }

  #onLeave(reader: TailReader, session: TailSession): void {
    this.#readers.delete(reader);
    if (this.#readers.size > 0 || this.#session !== session) return;
    this.#session = undefined;
    void session.close();
  }
}
