import type { TailItem } from '../contracts/vigilant';
import type { Clock } from '../util/clock';
import { keepAlive } from '../util/clock';
import type { JoinOptions, Subscriber } from './subscriber';
import { createSubscriber } from './subscriber';
import type { TailSession } from './tail-session';

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

/** Dependencies of a tail. */
export interface TailReaderParts {
  readonly clock: Clock;
  readonly session: TailSession;
  /** Called each time the tail leaves, which may be more than once. */
  readonly onLeave: (reader: TailReader) => void;
}

/** Creates a tail and joins it to the session. */
export function createTailReader(options: JoinOptions, parts: TailReaderParts): TailReader {
  return new SessionReader(options, parts);
}

class SessionReader implements TailReader {
  readonly #parts: TailReaderParts;
  readonly #subscriber: Subscriber;
  /** Settles when a tail without a cursor has joined. */
  readonly #joining: Promise<void> | undefined;
  /** The replay of a tail with a cursor, until it ends. */
  #replay: AsyncGenerator<TailItem, undefined> | undefined;
  #hasLeft = false;
  #endPending = (): void => {};

  constructor(options: JoinOptions, parts: TailReaderParts) {
    this.#parts = parts;
    this.#subscriber = createSubscriber(options);
    if (options.cursor === undefined) this.#joining = parts.session.joinNow(this.#subscriber);
    else this.#replay = parts.session.replay(this.#subscriber, options.cursor);
  }

  async next(): Promise<TailItem | undefined> {
    if (this.#hasLeft) return undefined;
    const left = new Promise<undefined>((resolve) => (this.#endPending = () => resolve(undefined)));
    const alive = keepAlive(this.#parts.clock);
    try {
      return await Promise.race([this.#advance(), left]);
    } catch (error) {
      this.leave();
      throw error;
    } finally {
      alive.cancel();
    }
  }

  leave(): void {
    this.#hasLeft = true;
    this.#endPending();
    this.#subscriber.end();
    this.#parts.session.leave(this.#subscriber);
    this.#parts.onLeave(this);
  }

  async #advance(): Promise<TailItem | undefined> {
    if (this.#replay !== undefined) {
      const { value, done } = await this.#replay.next();
      if (done !== true) return value;
      this.#replay = undefined;
    }
    await this.#joining;
    return this.#subscriber.next();
  }
}
