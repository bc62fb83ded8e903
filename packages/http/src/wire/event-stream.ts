import type { Clock, Timer, VigilantError } from '@vigilant/core';
import type { WorkSlicer } from '@vigilant/core/adapter';
import { createWakeup } from '@vigilant/core/adapter';
import type { OpenStream } from './open-streams';
import { toProblem } from './problem';

/** Interval of the comments that keep a quiet stream open, in milliseconds. Many proxies close it after a minute. */
export const COMMENT_MS = 15_000;

/** How long a client waits before it connects again, in milliseconds. */
const RETRY_MS = 2_000;

const UTF8 = new TextEncoder();

const MESSAGE_END = UTF8.encode('\n\n');

/** A message of a stream of server-sent events. */
export interface StreamMessage {
  readonly event: string;
  readonly id?: string;
  /** JSON without line breaks, as UTF-8. */
  readonly json: Uint8Array;
}

/** Dependencies of an event stream. */
export interface EventStreamParts {
  readonly messages: AsyncIterator<StreamMessage>;
  readonly clock: Clock;
  /** Shared by all streams, so that a burst of messages for many of them does not block the event loop. */
  readonly slicer: WorkSlicer;
  /** Called with the error of a failed source. */
  readonly onFailure: (error: unknown) => void;
  /** Called once, when the stream stops reading messages. */
  readonly onEnd: () => void;
}

/** A stream of server-sent events. */
export interface EventStream extends OpenStream {
  readonly body: ReadableStream<Uint8Array>;
}

/**
 * Creates a stream of server-sent events. It begins with a comment, so that the client receives the headers immediately.
 *
 * Messages are requested as fast as the client reads them; the source limits those that wait. A failure is sent as a message
 * `problem`, which ends the stream.
 */
export function createEventStream(parts: EventStreamParts): EventStream {
  return new SseStream(parts);
}

class SseStream implements EventStream {
  readonly body: ReadableStream<Uint8Array>;
  readonly #parts: EventStreamParts;
  readonly #wakeup = createWakeup();
  #timer: Timer | undefined;
  /** Text to send before any further message. */
  #due = `retry: ${RETRY_MS}\n: open\n\n`;
  #message: StreamMessage | undefined;
  #isRequesting = false;
  /** Whether reading messages has ended. */
  #isReleased = false;

  constructor(parts: EventStreamParts) {
    this.#parts = parts;
    this.body = new ReadableStream<Uint8Array>({
      pull: (controller) => this.#pull(controller),
      cancel: () => this.#release(),
    });
    this.#setTimer();
  }

  end(error: VigilantError): void {
    this.#endWith(error);
  }

  #endWith(error: unknown): void {
    if (this.#isReleased) return;
    this.#due += `event: problem\ndata: ${JSON.stringify(toProblem(error))}\n\n`;
    this.#release();
  }

  async #pull(controller: ReadableStreamDefaultController<Uint8Array>): Promise<void> {
    const chunk = await this.#nextChunk();
    if (chunk === undefined) return controller.close();
    controller.enqueue(chunk);
    await this.#parts.slicer.count(chunk.byteLength);
  }

  /** Resolves to the bytes to send next, or to `undefined` at the end. */
  async #nextChunk(): Promise<Uint8Array | undefined> {
    for (;;) {
      if (this.#due !== '') return this.#take(UTF8.encode(this.#due));
      if (this.#isReleased) return undefined;
      if (this.#message !== undefined) return this.#take(encode(this.#message));
      this.#request();
      await this.#wakeup.wait();
    }
  }

  #take(chunk: Uint8Array): Uint8Array {
    if (this.#due === '') this.#message = undefined;
    this.#due = '';
    if (!this.#isReleased) this.#setTimer();
    return chunk;
  }

  #request(): void {
    if (this.#isRequesting) return;
    this.#isRequesting = true;
    this.#parts.messages.next().then(
      ({ value, done }) => {
        this.#isRequesting = false;
        if (done === true) return this.#release();
        this.#message = value;
        this.#wakeup.wake();
      },
      (error: unknown) => {
        if (!this.#isReleased) this.#parts.onFailure(error);
        this.#endWith(error);
      },
    );
  }

  #setTimer(): void {
    this.#timer?.cancel();
    this.#timer = this.#parts.clock.after(COMMENT_MS, () => {
      this.#due += ': \n\n';
      this.#wakeup.wake();
    });
  }

  /** Stops reading messages. The text that is due is still sent. */
  #release(): void {
    if (this.#isReleased) return;
    this.#isReleased = true;
    this.#timer?.cancel();
    this.#wakeup.wake();
    this.#parts.onEnd();
  }
}

/** Encodes a message. */
function encode({ event, id, json }: StreamMessage): Uint8Array {
  const idLine = id === undefined ? '' : `id: ${id}\n`;
  const head = UTF8.encode(`event: ${event}\n${idLine}data: `);
  const bytes = new Uint8Array(head.length + json.length + MESSAGE_END.length);
  bytes.set(head);
  bytes.set(json, head.length);
  bytes.set(MESSAGE_END, head.length + json.length);
  return bytes;
}
