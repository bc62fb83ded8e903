import { isLost } from './errors';
import type { Session } from './session';
import { closed } from './session';

/** Longest time that an idle connection is trusted, in milliseconds. */
const MAX_IDLE_MS = 60_000;

/** What `Connections` needs. */
export interface ConnectionsSetting {
  readonly connect: () => Promise<Session>;
  /** Most at once. */
  readonly max: number;
  readonly monotonic: () => number;
}

/** Some connections, lent one piece of work at a time. Made when needed, and no timer looks after them. */
export class Connections {
  readonly #setting: ConnectionsSetting;
  readonly #idle: { readonly session: Session; readonly since: number }[] = [];
  readonly #lent = new Set<Session>();
  readonly #waiting: (() => void)[] = [];
  readonly #giveUp = new AbortController();
  #count = 0;
  #isClosed = false;

  constructor(setting: ConnectionsSetting) {
    this.#setting = setting;
  }

  /**
   * Lends a session. When its connection breaks and the work may be done twice, the work is done once more on a fresh one.
   */
  async use<T>(work: (session: Session) => Promise<T>): Promise<T> {
    try {
      return await this.#once(work);
    } catch (error) {
      if (!isLost(error) || this.#isClosed) throw error;
      return this.#once(work, true);
    }
  }

  /** Ends all; what still runs rejects when `isAtOnce`. */
  async close(isAtOnce = false): Promise<void> {
    this.#isClosed = true;
    for (const resume of this.#waiting.splice(0)) resume();
    if (isAtOnce) {
      this.#giveUp.abort();
      for (const session of this.#lent) session.destroy();
    }
    await Promise.all(
      this.#idle.splice(0).map(({ session }) => (isAtOnce ? session.destroy() : session.end())),
    );
  }

  async #once<T>(work: (session: Session) => Promise<T>, isFresh = false): Promise<T> {
    await this.#takeTurn();
    try {
      const session = await this.#take(isFresh);
      this.#lent.add(session);
      try {
        return await work(session);
      } finally {
        this.#lent.delete(session);
        await this.#giveBack(session);
      }
    } finally {
      this.#passTurn();
    }
  }

  /** Waits until there are fewer than the most at work; first come, first served. */
  async #takeTurn(): Promise<void> {
    if (this.#isClosed) throw closed();
    if (this.#count < this.#setting.max) {
      this.#count += 1;
      return;
    }
    // Whoever is done hands its turn over.
    await new Promise<void>((resolve) => this.#waiting.push(resolve));
    if (this.#isClosed) {
      this.#passTurn();
      throw closed();
    }
  }

  #passTurn(): void {
    const next = this.#waiting.shift();
    if (next === undefined) this.#count -= 1;
    else next();
  }

  async #take(isFresh: boolean): Promise<Session> {
    for (;;) {
      // After a loss the idle ones are likely lost too.
      const idle = this.#idle.pop();
      if (idle === undefined) return this.#connect();
      const { session, since } = idle;
      const trustedMs = Math.min(MAX_IDLE_MS, session.server.waitTimeoutSeconds * 500);
      if (!isFresh && !session.isLost && this.#setting.monotonic() - since < trustedMs) {
        session.setIdle(false);
        return session;
      }
      session.destroy();
    }
  }

  /** Connecting can take long when nobody answers; who gives up does not wait for it. */
  #connect(): Promise<Session> {
    const { signal } = this.#giveUp;
    return new Promise((resolve, reject) => {
      const onAbort = (): void => reject(closed());
      if (signal.aborted) return onAbort();
      signal.addEventListener('abort', onAbort, { once: true });
      const done = (): void => signal.removeEventListener('abort', onAbort);
      this.#setting.connect().then(
        (session) => {
          done();
          if (signal.aborted) session.destroy();
          resolve(session);
        },
        (error: Error) => {
          done();
          reject(error);
        },
      );
    });
  }

  async #giveBack(session: Session): Promise<void> {
    if (session.isLost) return session.destroy();
    if (this.#isClosed) return session.end();
    session.setIdle(true);
    this.#idle.push({ session, since: this.#setting.monotonic() });
  }
}
