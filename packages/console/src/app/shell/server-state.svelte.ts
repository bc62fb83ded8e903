import type { ApiClient } from '../api/client';
import { isAbort } from '../api/problem';
import type { Status } from '../api/types';

export type Connection = 'connecting' | 'connected' | 'reconnecting';

const POLL_MS = 5_000;
const MIN_RETRY_MS = 500;
const MAX_RETRY_MS = 10_000;

/**
 * Connection to the server and its status. Polls while the page is visible, and more often while the server cannot be
 * reached.
 */
export class ServerState {
  #connection = $state<Connection>('connecting');
  #status = $state.raw<Status | undefined>();
  #hasAsked = $state(false);
  #failures = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #abort: AbortController | undefined;
  #isRunning = false;
  readonly #onReconnect = new Set<() => void>();

  get connection(): Connection {
    return this.#connection;
  }

  /** Last known status. Absent before the first answer. */
  get status(): Status | undefined {
    return this.#status;
  }

  /** Number of accepted events that are not stored yet, if known: they wait in the broker, or are being written. */
  get waiting(): number | undefined {
    return this.#status && Math.max(this.#status.broker.pendingEvents, this.#status.scheduler.waitingEvents);
  }

  /** Whether the first request for the status is over. */
  get hasAsked(): boolean {
    return this.#hasAsked;
  }

  /** Whether the server rejects all writes. */
  get isReadOnly(): boolean {
    return this.#status?.capabilities.store.readOnly ?? false;
  }

  /** Calls a function whenever the server can be reached again. Returns a function that removes it. */
  onReconnect(listener: () => void): () => void {
    this.#onReconnect.add(listener);
    return () => this.#onReconnect.delete(listener);
  }

  /** Records whether a request reached the server. */
  readonly report = (isReachable: boolean): void => {
    const wasReconnecting = this.#connection === 'reconnecting';
    this.#connection = isReachable ? 'connected' : 'reconnecting';
    if (isReachable) this.#failures = 0;
    if (isReachable && wasReconnecting) for (const listener of this.#onReconnect) listener();
  };

  /** Polls the status until the returned function is called. */
  start(client: ApiClient): () => void {
    this.#isRunning = true;
    const onVisible = () => {
      if (document.visibilityState === 'visible') void this.#poll(client);
      else clearTimeout(this.#timer);
    };
    document.addEventListener('visibilitychange', onVisible);
    void this.#poll(client);
    return () => {
      this.#isRunning = false;
      document.removeEventListener('visibilitychange', onVisible);
      clearTimeout(this.#timer);
      this.#abort?.abort();
    };
  }

  async #poll(client: ApiClient): Promise<void> {
    clearTimeout(this.#timer);
    this.#abort?.abort();
    const abort = (this.#abort = new AbortController());
    try {
      this.#status = await client.status(abort.signal);
    } catch (error) {
      if (isAbort(error)) return;
    }
    this.#hasAsked = true;
    if (!this.#isRunning) return;
    const isDown = this.#connection === 'reconnecting';
    const delay = isDown ? Math.min(MAX_RETRY_MS, MIN_RETRY_MS * 2 ** this.#failures++) : POLL_MS;
    this.#timer = setTimeout(() => void this.#poll(client), delay);
  }
}
