import { isLost, isReadOnly } from '../connection/driver-errors';
import type { Session } from '../connection/mysql-session';
import { closed } from '../connection/mysql-session';

/** Longest time that an idle connection is trusted, in milliseconds. */
const MAX_IDLE_MS = 60_000;

/**
 * Maximum age of a connection, in milliseconds. After a switchover, the address may lead to another server while open connections
 * still lead to the old one.
 */
const MAX_AGE_MS = 5 * 60_000;

/** Dependencies of `Connections`. */
export interface ConnectionsSetting {
  /** Connects; the signal destroys the connection while it is being set up. */
  readonly connect: (signal: AbortSignal) => Promise<Session>;
  /** Maximum number of connections. */
  readonly max: number;
  readonly monotonic: () => number;
  /** Called when the server of a connection turns out to be read-only. */
  readonly onReadOnly?: () => void;
}

/** A session of the pool. */
interface Pooled {
  readonly session: Session;
  readonly connectedAt: number;
  /** The value of `#generation` when the session was connected. */
  readonly generation: number;
}

/** A pool of connections, each used by one operation at a time. Connects on demand and does not use timers. */
export class Connections {
  readonly #setting: ConnectionsSetting;
  readonly #idle: { readonly pooled: Pooled; readonly since: number }[] = [];
  readonly #lent = new Set<Session>();
  readonly #waiting: (() => void)[] = [];
  readonly #giveUp = new AbortController();
  #count = 0;
  #generation = 0;
  #isClosed = false;

  constructor(setting: ConnectionsSetting) {
    this.#setting = setting;
  }

  /**
   * Runs work on a session. The work must be repeatable: it runs once more on a new connection if the first one breaks or its
   * server is read-only.
   */
  async use<T>(work: (session: Session) => Promise<T>): Promise<T> {
    try {
      return await this.#once(work);
    } catch (error) {
      const isDemoted = isReadOnly(error);
      if (isDemoted) this.#setting.onReadOnly?.();
      if (!(isLost(error) || isDemoted) || this.#isClosed) throw error;
      return this.#once(work, true);
    }
  }

  /** Replaces all current connections; those in use end with their work. */
  retire(): void {
    this.#generation += 1;
  }

  /** Ends all connections. With `isAtOnce`, running work is rejected. */
  async close(isAtOnce = false): Promise<void> {
    this.#isClosed = true;
    for (const resume of this.#waiting.splice(0)) resume();
    if (isAtOnce) {
      this.#giveUp.abort();
      for (const session of this.#lent) session.destroy();
    }
    await Promise.all(
      this.#idle.splice(0).map(({ pooled: { session } }) => (isAtOnce ? session.destroy() : session.end())),
    );
  }

  async #once<T>(work: (session: Session) => Promise<T>, isFresh = false): Promise<T> {
    await this.#takeTurn();
    try {
      const pooled = await this.#take(isFresh);
      const { session } = pooled;
      this.#lent.add(session);
      try {
        return await work(session);
      } finally {
        this.#lent.delete(session);
        await this.#giveBack(pooled);
      }
    } finally {
      this.#passTurn();
    }
  }

  /** Waits in order of arrival until fewer than the maximum are in use. */
  async #takeTurn(): Promise<void> {
    if (this.#isClosed) throw closed();
    if (this.#count < this.#setting.max) {
      this.#count += 1;
      return;
    }
    // An operation that ends passes its turn to the next one.
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

  async #take(isFresh: boolean): Promise<Pooled> {
    for (;;) {
      // After a loss the idle ones are likely lost too.
      const idle = this.#idle.pop();
      if (idle === undefined) return this.#connect();
      const { pooled, since } = idle;
      const { session } = pooled;
      const trustedMs = Math.min(MAX_IDLE_MS, session.server.waitTimeoutSeconds * 500);
      const isTrusted = this.#setting.monotonic() - since < trustedMs;
      if (!isFresh && isTrusted && !session.isLost && this.#isCurrent(pooled)) {
        session.setIdle(false);
        return pooled;
      }
      session.destroy();
    }
  }

  #isCurrent({ connectedAt, generation }: Pooled): boolean {
    return generation === this.#generation && this.#setting.monotonic() - connectedAt < MAX_AGE_MS;
  }

  /** Opens a connection. `close(true)` does not wait for it, since connecting takes long when no server answers. */
  #connect(): Promise<Pooled> {
    const { signal } = this.#giveUp;
    const generation = this.#generation;
    const connectedAt = this.#setting.monotonic();
    return new Promise((resolve, reject) => {
      const onAbort = (): void => reject(closed());
      if (signal.aborted) return onAbort();
      signal.addEventListener('abort', onAbort, { once: true });
      const done = (): void => signal.removeEventListener('abort', onAbort);
      this.#setting.connect(signal).then(
        (session) => {
          done();
          if (signal.aborted) session.destroy();
          resolve({ session, connectedAt, generation });
        },
        (error: Error) => {
          done();
          reject(error);
        },
      );
    });
  }

  async #giveBack(pooled: Pooled): Promise<void> {
    const { session } = pooled;
    if (session.isLost) return session.destroy();
    if (this.#isClosed || !this.#isCurrent(pooled)) return session.end();
    session.setIdle(true);
    this.#idle.push({ pooled, since: this.#setting.monotonic() });
  }
}
