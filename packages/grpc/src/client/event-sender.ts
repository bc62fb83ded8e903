import type { Clock, Event, Timer } from '@vigilant/core';
import { VigilantError } from '@vigilant/core';
import { backOffMs } from '@vigilant/core/adapter';
import type { Event as EventMessage, LogEventsResponse } from '../generated/vigilant-v1';
import { fromErrorMessage } from '../wire/error';
import type { EncodedLogEventsRequest } from '../wire/encoded-events';
import { encodedLogEventsRequestCodec } from '../wire/encoded-events';
import { toEventMessage } from '../wire/event';
import { codecOf } from '../wire/schema';
import type { Connection } from './connection';
import { isFailure } from './failure';

/** Maximum bytes of one call. A larger event is sent in a call of its own. */
const CALL_BYTES = 1024 * 1024;

/** Maximum number of events of one call. */
const CALL_EVENTS = 1_000;

/** Maximum number of concurrent calls. */
const MAX_CALLS = 4;

const BACK_OFF = { firstMs: 100, maxMs: 10_000 };

/** Sends events in batches, and again with the same ids while the server cannot be reached. */
export interface EventSender {
  /** Number and encoded bytes of the events that the server has not accepted or rejected yet. */
  readonly held: { readonly events: number; readonly bytes: number };
  /** Why events are held; `undefined` while the server accepts them. */
  readonly failureReason: VigilantError | undefined;
  /**
   * Resolves once the server has accepted or rejected all events, to the errors of the rejected ones.
   *
   * @throws {VigilantError} `VIGILANT_BROKER_FULL` at once if the events do not fit into the buffer.
   */
  send(events: readonly Event[]): Promise<ReadonlyMap<Event, VigilantError>>;
  /** Resolves once no event is held. */
  flush(): Promise<void>;
  /** Rejects all held events and stops sending. */
  abandon(): void;
}

/** Dependencies of a sender. */
export interface EventSenderParts {
  readonly connection: Connection;
  readonly clock: Clock;
  readonly maxBufferedBytes: number;
  /** Called when the server begins to fail, with the number of events held. */
  readonly onUnavailable: (error: VigilantError, held: number) => void;
}

/** Creates the sender of a client. */
export function createEventSender(parts: EventSenderParts): EventSender {
  return new BatchingSender(parts);
}

/** An event that the server has not accepted or rejected yet. */
interface HeldEvent {
  readonly message: Uint8Array;
  readonly settle: (outcome: Outcome) => void;
}

/** Outcome of an event: accepted, rejected by the server, or failed. */
interface Outcome {
  readonly rejection?: VigilantError;
  readonly failure?: unknown;
}

class BatchingSender implements EventSender {
  readonly #parts: EventSenderParts;
  readonly #codec = encodedLogEventsRequestCodec();
  /** Held events that are not part of a call. */
  readonly #queue: HeldEvent[] = [];
  readonly #onFlushed = new Set<() => void>();
  #heldEvents = 0;
  #heldBytes = 0;
  #calls = 0;
  /** Number of failed calls in a row. */
  #failures = 0;
  #pause: Timer | undefined;
  #lastError: VigilantError | undefined;
  #isAbandoned = false;

  constructor(parts: EventSenderParts) {
    this.#parts = parts;
  }

  get held(): { readonly events: number; readonly bytes: number } {
    return { events: this.#heldEvents, bytes: this.#heldBytes };
  }

  get failureReason(): VigilantError | undefined {
    return this.#failures === 0 ? undefined : this.#lastError;
  }

  send(events: readonly Event[]): Promise<ReadonlyMap<Event, VigilantError>> {
    const messages = events.map(encode);
    const bytes = messages.reduce((sum, { byteLength }) => sum + byteLength, 0);
    if (this.#heldBytes + bytes > this.#parts.maxBufferedBytes) throw this.#full(bytes);
    return new Promise((resolve, reject) => {
      const rejections = new Map<Event, VigilantError>();
      let missing = messages.length;
      let failed: Outcome | undefined;
      messages.forEach((message, index) => {
        const settle = (outcome: Outcome): void => {
          this.#release(message);
          if (outcome.rejection !== undefined) rejections.set(events[index] as Event, outcome.rejection);
          if (outcome.failure !== undefined) failed = outcome;
          missing -= 1;
          if (missing > 0) return;
          if (failed === undefined) resolve(rejections);
          else reject(failed.failure as Error);
        };
        this.#hold({ message, settle });
      });
      this.#sendQueue();
    });
  }

  async flush(): Promise<void> {
    if (this.#heldEvents > 0) await new Promise<void>((resolve) => this.#onFlushed.add(resolve));
  }

  abandon(): void {
    this.#isAbandoned = true;
    this.#pause?.cancel();
    this.#pause = undefined;
    for (const { settle } of this.#queue.splice(0)) settle({ failure: this.#unanswered() });
  }

  #hold(event: HeldEvent): void {
    this.#queue.push(event);
    this.#heldEvents += 1;
    this.#heldBytes += event.message.byteLength;
  }

  #release(message: Uint8Array): void {
    this.#heldEvents -= 1;
    this.#heldBytes -= message.byteLength;
    if (this.#heldEvents > 0) return;
    for (const resolve of this.#onFlushed) resolve();
    this.#onFlushed.clear();
  }

  /** Starts as many calls as are allowed. */
  #sendQueue(): void {
    while (this.#pause === undefined && this.#calls < MAX_CALLS && this.#queue.length > 0)
      void this.#call(this.#takeBatch());
  }

  #takeBatch(): readonly HeldEvent[] {
    let bytes = 0;
    let count = 0;
    for (const { message } of this.#queue) {
      bytes += message.byteLength;
      if (count > 0 && (bytes > CALL_BYTES || count >= CALL_EVENTS)) break;
      count += 1;
    }
    return this.#queue.splice(0, count);
  }

  async #call(batch: readonly HeldEvent[]): Promise<void> {
    this.#calls += 1;
    try {
      const request = { events: batch.map(({ message }) => message) };
      const { results = [] } = await this.#parts.connection.call<EncodedLogEventsRequest, LogEventsResponse>(
        'LogEvents',
        request,
        { requestCodec: this.#codec, fallback: 'VIGILANT_BROKER_UNAVAILABLE' },
      );
      this.#failures = 0;
      batch.forEach(({ settle }, index) => {
        const error = results[index]?.error;
        settle(error === undefined ? {} : { rejection: fromErrorMessage(error) });
      });
    } catch (error) {
      this.#fail(batch, error);
    } finally {
      this.#calls -= 1;
      this.#sendQueue();
    }
  }

  #fail(batch: readonly HeldEvent[], error: unknown): void {
    if (this.#isAbandoned) return settleAll(batch, { failure: this.#unanswered() });
    if (!isFailure(error)) return settleAll(batch, { failure: error });
    if (error.isFinal) return settleAll(batch, { failure: error.error });
    this.#queue.unshift(...batch);
    this.#failures += 1;
    this.#lastError = error.error;
    if (this.#failures === 1) this.#parts.onUnavailable(error.error, this.#heldEvents);
    this.#pauseFor(error.error.retryAfterMs ?? 0);
  }

  /** Waits before the next call, at least for the delay that the server requests. */
  #pauseFor(retryAfterMs: number): void {
    if (this.#pause !== undefined) return;
    const pauseMs = Math.max(retryAfterMs, backOffMs(BACK_OFF, this.#failures, Math.random));
    const resume = (): void => {
      this.#pause = undefined;
      this.#sendQueue();
    };
    // The caller waits for the held events, so they keep the process alive.
    this.#pause = this.#parts.clock.after(pauseMs, resume, { keepAlive: true });
  }

  #full(bytes: number): VigilantError {
    const { maxBufferedBytes } = this.#parts;
    return new VigilantError(
      'VIGILANT_BROKER_FULL',
      `The client holds ${this.#heldBytes} of at most ${maxBufferedBytes} bytes and cannot hold ${bytes} more.`,
      { retryAfterMs: this.#failures === 0 ? 100 : BACK_OFF.maxMs },
    );
  }

  #unanswered(): VigilantError {
    return new VigilantError(
      'VIGILANT_BROKER_UNAVAILABLE',
      'The client was closed before the server answered. Whether the server accepted the event is unknown.',
      { cause: this.#lastError },
    );
  }
}

function settleAll(batch: readonly HeldEvent[], outcome: Outcome): void {
  for (const { settle } of batch) settle(outcome);
}

function encode(event: Event): Uint8Array {
  const { receivedAt: _, ...message } = toEventMessage(event, 'json');
  return codecOf<EventMessage>('vigilant.v1.Event').encode(message);
}
