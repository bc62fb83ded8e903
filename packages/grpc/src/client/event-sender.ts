import type { Clock, Event, Timer } from '@vigilant/core';
import { VigilantError, backOffMs } from '@vigilant/core';
import type { Event as EventMessage, LogEventsResponse } from '../generated/vigilant-v1';
import { fromErrorMessage } from '../wire/error';
import { toEventMessage } from '../wire/event';
import type { EncodedLogEventsRequest } from '../wire/encoded-events';
import { encodedLogEventsRequestCodec } from '../wire/encoded-events';
import { codecOf } from '../wire/schema';
import type { Connection } from './connection';
import { isFailure } from './connection';

/** Bounds of one call; a larger event has one of its own. */
const BATCH_BYTES = 1024 * 1024;
const BATCH_EVENTS = 1_000;

const CALLS_AT_ONCE = 4;

const BACK_OFF = { firstMs: 100, maxMs: 10_000 };

/** An event that waits for its answer. */
interface Waiting {
  readonly message: Uint8Array;
  readonly settle: (outcome: { readonly refused?: VigilantError; readonly failed?: unknown }) => void;
}

/** What a sender works with. */
export interface SenderOptions {
  readonly connection: Connection;
  readonly clock: Clock;
  readonly maxBufferedBytes: number;
  /** Told when the server cannot take events at the moment. */
  readonly onTrouble: (error: VigilantError, held: number) => void;
}

/** Sends events in batches, and again with the same ids while the server cannot be reached. */
export class Sender {
  readonly #options: SenderOptions;
  readonly #codec = encodedLogEventsRequestCodec();
  readonly #queue: Waiting[] = [];
  readonly #flushes = new Set<() => void>();
  #held = 0;
  #heldBytes = 0;
  #calls = 0;
  #failures = 0;
  #pause: Timer | undefined;
  #lastError: VigilantError | undefined;
  #isGivenUp = false;

  constructor(options: SenderOptions) {
    this.#options = options;
  }

  /** Events and bytes that are not answered yet. */
  get held(): { readonly events: number; readonly bytes: number } {
    return { events: this.#held, bytes: this.#heldBytes };
  }

  /** Why events wait at the moment. */
  get trouble(): VigilantError | undefined {
    return this.#failures === 0 ? undefined : this.#lastError;
  }

  /**
   * Resolves once the server has taken the events, or says which it refused.
   *
   * @throws {VigilantError} `VIGILANT_BROKER_FULL` at once when they do not fit into the buffer.
   */
  submit(events: readonly Event[]): Promise<ReadonlyMap<Event, VigilantError>> {
    const messages = events.map(encode);
    const bytes = messages.reduce((sum, { byteLength }) => sum + byteLength, 0);
    if (this.#heldBytes + bytes > this.#options.maxBufferedBytes) throw this.#full(bytes);
    return new Promise((resolve, reject) => {
      const refusals = new Map<Event, VigilantError>();
      let missing = messages.length;
      let failure: { readonly failed: unknown } | undefined;
      messages.forEach((message, index) => {
        this.#hold({
          message,
          settle: ({ refused, failed }) => {
            this.#release(message);
            if (refused !== undefined) refusals.set(events[index] as Event, refused);
            if (failed !== undefined) failure = { failed };
            missing -= 1;
            if (missing > 0) return;
            if (failure === undefined) resolve(refusals);
            else reject(failure.failed as Error);
          },
        });
      });
      this.#pump();
    });
  }

  /** Resolves once nothing is held. */
  async flush(): Promise<void> {
    if (this.#held > 0) await new Promise<void>((resolve) => this.#flushes.add(resolve));
  }

  /** Lets go of everything that is not answered yet. */
  giveUp(): void {
    this.#isGivenUp = true;
    this.#pause?.cancel();
    this.#pause = undefined;
    for (const waiting of this.#queue.splice(0)) waiting.settle({ failed: this.#unanswered() });
  }

  #unanswered(): VigilantError {
    return new VigilantError(
      'VIGILANT_BROKER_UNAVAILABLE',
      'The client was closed before the server answered; whether it took the event is not known.',
      this.#lastError === undefined ? {} : { cause: this.#lastError },
    );
  }

  #hold(waiting: Waiting): void {
    this.#queue.push(waiting);
    this.#held += 1;
    this.#heldBytes += waiting.message.byteLength;
  }

  #release(message: Uint8Array): void {
    this.#held -= 1;
    this.#heldBytes -= message.byteLength;
    if (this.#held > 0) return;
    for (const resolve of this.#flushes) resolve();
    this.#flushes.clear();
  }

  #pump(): void {
    while (this.#pause === undefined && this.#calls < CALLS_AT_ONCE && this.#queue.length > 0)
      void this.#send(this.#take());
  }

  #take(): readonly Waiting[] {
    let bytes = 0;
    let count = 0;
    for (const { message } of this.#queue) {
      bytes += message.byteLength;
      if (count > 0 && (bytes > BATCH_BYTES || count >= BATCH_EVENTS)) break;
      count += 1;
    }
    return this.#queue.splice(0, count);
  }

  async #send(batch: readonly Waiting[]): Promise<void> {
    this.#calls += 1;
    try {
      const request = { events: batch.map(({ message }) => message) };
      const { results = [] } = await this.#options.connection.call<
        EncodedLogEventsRequest,
        LogEventsResponse
      >('LogEvents', request, { requestCodec: this.#codec, fallback: 'VIGILANT_BROKER_UNAVAILABLE' });
      this.#failures = 0;
      batch.forEach(({ settle }, index) => {
        const error = results[index]?.error;
        settle(error === undefined ? {} : { refused: fromErrorMessage(error) });
      });
    } catch (failure) {
      this.#fail(batch, failure);
    } finally {
      this.#calls -= 1;
      this.#pump();
    }
  }

  #fail(batch: readonly Waiting[], failure: unknown): void {
    if (!isFailure(failure) || failure.isFinal || this.#isGivenUp) {
      const error = isFailure(failure) ? failure.error : failure;
      const failed = this.#isGivenUp ? this.#unanswered() : error;
      for (const { settle } of batch) settle({ failed });
      return;
    }
    const { clock, onTrouble } = this.#options;
    this.#queue.unshift(...batch);
    this.#failures += 1;
    this.#lastError = failure.error;
    if (this.#failures === 1) onTrouble(failure.error, this.#held);
    if (this.#pause !== undefined) return;
    const pauseMs = Math.max(
      failure.error.retryAfterMs ?? 0,
      backOffMs(BACK_OFF, this.#failures, Math.random),
    );
    // Somebody waits for what is held: it keeps the process alive.
    this.#pause = clock.after(
      pauseMs,
      () => {
        this.#pause = undefined;
        this.#pump();
      },
      { keepAlive: true },
    );
  }

  #full(bytes: number): VigilantError {
    const { maxBufferedBytes } = this.#options;
    return new VigilantError(
      'VIGILANT_BROKER_FULL',
      `The client holds ${this.#heldBytes} of ${maxBufferedBytes} bytes and has no room for ${bytes} more.`,
      { retryAfterMs: this.#failures === 0 ? 100 : BACK_OFF.maxMs },
    );
  }
}

function encode(event: Event): Uint8Array {
  const { receivedAt: _, ...message } = toEventMessage(event, 'json');
  return codecOf<EventMessage>('vigilant.v1.Event').encode(message);
}
