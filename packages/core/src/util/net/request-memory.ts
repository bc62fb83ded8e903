import { FULL_RETRY_MS, VigilantError } from '../errors';

/** Bounds the memory that all requests of a server occupy together, received and decompressed. */
export interface RequestMemory {
  /**
   * Opens a request that holds no bytes yet. Call `end` once it is answered.
   *
   * @param onRejected - Called when the request is rejected because other requests need its memory; it then holds nothing.
   */
  open(onRejected: (error: VigilantError) => void): HeldRequest;
}

/** The bytes that one request holds. */
export interface HeldRequest {
  /** Holds received bytes of an incomplete request. Returns `false` if the request has ended, or is rejected for lack of memory. */
  receive(bytes: number): boolean;
  /** Marks the request as received completely. */
  complete(): void;
  /** Holds further bytes. @throws {VigilantError} `VIGILANT_BROKER_FULL` if there is no room */
  hold(bytes: number): void;
  /** Releases all bytes. The request may hold further ones. */
  release(): void;
  /** Releases all bytes and ends the request. */
  end(): void;
}

/**
 * Creates the memory of the requests of a server.
 *
 * If there is no room, the requests that have been incomplete longest are rejected first, so that clients that stall do not
 * block other clients.
 */
export function createRequestMemory(maxBytes: number): RequestMemory {
  const pool: Pool = { maxBytes, bytes: 0, incomplete: new Set() };
  return { open: (onRejected) => new PooledRequest(pool, onRejected) };
}

/** State that the requests of a server share. */
interface Pool {
  readonly maxBytes: number;
  bytes: number;
  /** Requests that are not complete yet, the oldest first. */
  readonly incomplete: Set<PooledRequest>;
}

class PooledRequest implements HeldRequest {
  readonly #pool: Pool;
  readonly #onRejected: (error: VigilantError) => void;
  #bytes = 0;
  #isOver = false;

  constructor(pool: Pool, onRejected: (error: VigilantError) => void) {
    this.#pool = pool;
    this.#onRejected = onRejected;
  }

  receive(bytes: number): boolean {
    if (this.#isOver) return false;
    this.#pool.incomplete.add(this);
    try {
      this.hold(bytes);
      return true;
    } catch {
      this.#reject();
      return false;
    }
  }

  complete(): void {
    this.#pool.incomplete.delete(this);
  }

  hold(bytes: number): void {
    while (!this.#isOver && this.#pool.bytes + bytes > this.#pool.maxBytes) {
      const [oldest = this] = this.#pool.incomplete;
      if (oldest === this) throw full(this.#pool);
      oldest.#reject();
    }
    if (this.#isOver) throw full(this.#pool);
    this.#pool.bytes += bytes;
    this.#bytes += bytes;
  }

  release(): void {
    this.#pool.bytes -= this.#bytes;
    this.#bytes = 0;
  }

  end(): void {
    this.#isOver = true;
    this.complete();
    this.release();
  }

  #reject(): void {
    this.end();
    this.#onRejected(full(this.#pool));
  }
}

function full({ maxBytes }: Pool): VigilantError {
  return new VigilantError(
    'VIGILANT_BROKER_FULL',
    `The requests that the server is receiving exceed its limit of ${maxBytes} bytes. Nothing was accepted. Send the request again later.`,
    { retryAfterMs: FULL_RETRY_MS },
  );
}
