import type { ApiClient } from './client';
import { ApiError, isAbort, toApiError } from './problem';
import { SseParser } from './sse-parser';
import type { ApiEvent } from './types';

/** An item of a tail. */
export type TailItem =
  | { readonly type: 'event'; readonly event: ApiEvent }
  | { readonly type: 'gap'; readonly reason: string; readonly missed?: number };

export type TailState = 'connecting' | 'connected' | 'reconnecting' | 'failed' | 'closed';

export interface TailOptions {
  readonly client: ApiClient;
  readonly filter: string;
  /** Cursor after which the tail starts. @defaultValue now */
  readonly cursor?: string | undefined;
  readonly onItem: (item: TailItem) => void;
  /** Called when the server has sent all events up to a position, but not for the first message of a connection. */
  readonly onCheckpoint?: () => void;
  /** Called at each change of the state. `failed` has the error, after which the tail does not reconnect. */
  readonly onState: (state: TailState, error?: ApiError) => void;
  /** Waits before an attempt to reconnect. Replaced in tests. */
  readonly wait?: (ms: number, signal: AbortSignal) => Promise<void>;
  /** Fraction between 0 and 1. Replaced in tests. */
  readonly random?: () => number;
}

export interface Tail {
  /** Cursor after the last item, with which another tail continues. */
  readonly cursor: string | undefined;
  close(): void;
}

/** The server sends a comment every 15 s. A connection without any byte for this long is dead. */
const SILENCE_MS = 40_000;
const MIN_WAIT_MS = 250;
const MAX_WAIT_MS = 10_000;

/**
 * Follows matching events and reconnects after failures, without losing or repeating an item: each attempt continues after
 * the last id that was received.
 */
export function openTail(options: TailOptions): Tail {
  const tail = new ReconnectingTail(options);
  void tail.run();
  return tail;
}

class ReconnectingTail implements Tail {
  readonly #options: TailOptions;
  readonly #abort = new AbortController();
  #cursor: string | undefined;
  #failures = 0;
  #isFirst = true;

  constructor(options: TailOptions) {
    this.#options = options;
    this.#cursor = options.cursor;
  }

  get cursor(): string | undefined {
    return this.#cursor;
  }

  close(): void {
    this.#abort.abort();
    this.#options.onState('closed');
  }

  async run(): Promise<void> {
    const { onState, wait = sleep, random = Math.random } = this.#options;
    const { signal } = this.#abort;
    onState('connecting');
    while (!signal.aborted) {
      const error = await this.#follow().catch((reason: unknown) => reason);
      if (signal.aborted) return;
      if (error instanceof ApiError && error.status >= 400 && !error.retryable)
        return onState('failed', error);
      onState('reconnecting');
      const backoff = Math.min(MAX_WAIT_MS, MIN_WAIT_MS * 2 ** this.#failures++);
      const asked = error instanceof ApiError ? (error.retryAfterMs ?? 0) : 0;
      await wait(Math.max(asked, backoff * (0.5 + random() / 2)), signal);
    }
  }

  /** Reads one connection until it ends. */
  async #follow(): Promise<void> {
    const { client, filter } = this.#options;
    const connection = new AbortController();
    const signal = AbortSignal.any([this.#abort.signal, connection.signal]);
    let silence = setTimeout(() => connection.abort(), SILENCE_MS);
    try {
      const response = await client.request('v1/tail', {
        parameters: { filter },
        headers: {
          accept: 'text/event-stream',
          ...(this.#cursor === undefined ? {} : { 'last-event-id': this.#cursor }),
        },
        signal,
      });
      const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader();
      const parser = new SseParser();
      this.#options.onState('connected');
      this.#isFirst = true;
      for (;;) {
        const { done, value } = (await reader?.read()) ?? { done: true, value: undefined };
        if (done) return;
        this.#failures = 0;
        clearTimeout(silence);
        silence = setTimeout(() => connection.abort(), SILENCE_MS);
        for (const message of parser.push(value ?? '')) this.#take(message);
      }
    } catch (error) {
      // The connection was aborted because it was silent, not by the caller.
      if (isAbort(error)) throw new ApiError('The connection was silent for too long.', { cause: error });
      throw error;
    } finally {
      clearTimeout(silence);
      connection.abort();
    }
  }

  #take({ event, data, id }: { readonly event: string; readonly data: string; readonly id: string }): void {
    const body = JSON.parse(data) as Record<string, unknown>;
    if (event === 'problem')
      throw toApiError(body, typeof body['status'] === 'number' ? body['status'] : 500);
    if (event === 'event') this.#options.onItem({ type: 'event', event: body as unknown as ApiEvent });
    if (event === 'checkpoint' && !this.#isFirst) this.#options.onCheckpoint?.();
    this.#isFirst = false;
    if (event === 'gap')
      this.#options.onItem({ type: 'gap', ...(body as { reason: string; missed?: number }) });
    if (id !== '') this.#cursor = id;
  }
}

function sleep(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const end = (): void => {
      clearTimeout(timer);
      signal.removeEventListener('abort', end);
      resolve();
    };
    const timer = setTimeout(end, ms);
    signal.addEventListener('abort', end);
  });
}
