import { abortable, sharedSignal } from '@vigilant/core/adapter';
import { isLost, isReadOnly } from '../connection/driver-errors';
import type { MysqlSession, SessionWork } from '../connection/mysql-session';
import { storeClosed } from '../connection/translate-error';

/** Maximum time that an idle connection is trusted, in milliseconds. */
const MAX_IDLE_MS = 60_000;

/**
 * Maximum age of a connection, in milliseconds. After a switchover, the address may lead to another server while open connections
 * still lead to the old one.
 */
const MAX_AGE_MS = 5 * 60_000;

/** A pool of connections, each used by one operation at a time. Connects on demand and does not use timers. */
export interface ConnectionPool {
  /**
   * Runs work on a session. The work must be repeatable: it runs once more on a new connection if the first one breaks or its
   * server is read-only.
   */
  use<T>(work: SessionWork<T>): Promise<T>;
  /** Replaces all current connections; those in use end with their work. */
  retire(): void;
  /** Ends all connections. With `isAtOnce`, running work is rejected. */
  close(isAtOnce?: boolean): Promise<void>;
}

/** Dependencies of a `ConnectionPool`. */
export interface ConnectionPoolParts {
  /** Connects; the signal destroys the connection while it is being set up. */
  readonly connect: (signal: AbortSignal) => Promise<MysqlSession>;
  /** Maximum number of connections. */
  readonly max: number;
  readonly monotonic: () => number;
  /** Called when the server of a connection turns out to be read-only. */
  readonly onReadOnly: () => void;
}

/** Creates a pool without connections. */
export function createConnectionPool(parts: ConnectionPoolParts): ConnectionPool {
  return new SessionPool(parts);
}

/** A session of the pool. */
interface Pooled {
  readonly session: MysqlSession;
  readonly connectedAt: number;
  /** The value of `#generation` when the session was connected. */
  readonly generation: number;
}

class SessionPool implements ConnectionPool {
  readonly #parts: ConnectionPoolParts;
  readonly #idle: { readonly pooled: Pooled; readonly since: number }[] = [];
  readonly #inUse = new Set<MysqlSession>();
  /** Operations that wait for a slot, in order of arrival. */
  readonly #waiting: (() => void)[] = [];
  readonly #abort = new AbortController();
  /** Number of slots in use. */
  #count = 0;
  #generation = 0;
  #isClosed = false;

  constructor(parts: ConnectionPoolParts) {
    this.#parts = parts;
    // Each connection that is being opened listens to it.
    sharedSignal(this.#abort.signal);
  }

  async use<T>(work: SessionWork<T>): Promise<T> {
    try {
      return await this.#useOnce(work);
    } catch (error) {
      const isDemoted = isReadOnly(error);
      if (isDemoted) this.#parts.onReadOnly();
      if (!(isLost(error) || isDemoted) || this.#isClosed) throw error;
      return this.#useOnce(work, true);
    }
  }

  retire(): void {
    this.#generation += 1;
  }

  async close(isAtOnce = false): Promise<void> {
    this.#isClosed = true;
    for (const resume of this.#waiting.splice(0)) resume();
    if (isAtOnce) {
      this.#abort.abort(storeClosed());
      for (const session of this.#inUse) session.destroy();
    }
    await Promise.all(
      this.#idle.splice(0).map(({ pooled: { session } }) => (isAtOnce ? session.destroy() : session.end())),
    );
  }

  async #useOnce<T>(work: SessionWork<T>, isNew = false): Promise<T> {
    await this.#acquireSlot();
    try {
      const pooled = await this.#acquire(isNew);
      const { session } = pooled;
      this.#inUse.add(session);
      try {
        return await work(session);
      } finally {
        this.#inUse.delete(session);
        await this.#release(pooled);
      }
    } finally {
      this.#releaseSlot();
    }
  }

  /** Waits in order of arrival until fewer than the maximum are in use. */
  async #acquireSlot(): Promise<void> {
    if (this.#isClosed) throw storeClosed();
    if (this.#count < this.#parts.max) {
      this.#count += 1;
      return;
    }
    // An operation that ends passes its slot to the next one.
    await new Promise<void>((resolve) => this.#waiting.push(resolve));
    if (this.#isClosed) {
      this.#releaseSlot();
      throw storeClosed();
    }
  }

  #releaseSlot(): void {
    const next = this.#waiting.shift();
    if (next === undefined) this.#count -= 1;
    else next();
  }

  /** Returns an idle session, or a new one. */
  async #acquire(isNew: boolean): Promise<Pooled> {
    for (;;) {
      const idle = this.#idle.pop();
      if (idle === undefined) return this.#connect();
      const { pooled, since } = idle;
      const { session } = pooled;
      const trustedMs = Math.min(MAX_IDLE_MS, session.server.waitTimeoutSeconds * 500);
      const isTrusted = this.#parts.monotonic() - since < trustedMs;
      // When one connection was lost, the idle ones are probably lost too.
      if (!isNew && isTrusted && !session.isLost && this.#isCurrent(pooled)) {
        session.setIdle(false);
        return pooled;
      }
      session.destroy();
    }
  }

  #isCurrent({ connectedAt, generation }: Pooled): boolean {
    return generation === this.#generation && this.#parts.monotonic() - connectedAt < MAX_AGE_MS;
  }

  /** Opens a connection. `close(true)` does not wait for it, since connecting takes long when no server answers. */
  async #connect(): Promise<Pooled> {
    const { signal } = this.#abort;
    signal.throwIfAborted();
    const generation = this.#generation;
    const connectedAt = this.#parts.monotonic();
    const connecting = this.#parts.connect(signal).then((session) => {
      if (signal.aborted) session.destroy();
      return session;
    });
    const session = await abortable(connecting, signal);
    return { session, connectedAt, generation };
  }

  async #release(pooled: Pooled): Promise<void> {
    const { session } = pooled;
    if (session.isLost) return session.destroy();
    if (this.#isClosed || !this.#isCurrent(pooled)) return session.end();
    session.setIdle(true);
    this.#idle.push({ pooled, since: this.#parts.monotonic() });
  }
}
