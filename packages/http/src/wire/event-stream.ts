import type { Clock, Timer, VigilantError } from '@vigilant/core';
import { createWakeup } from '@vigilant/core/adapter';
import type { OpenStream } from './open-streams';
import { toProblem } from './problem';

/** Interval of the comments that keep a quiet stream open, in milliseconds. Many proxies close it after a minute. */
export const COMMENT_MS = 15_000;

/** How long a client waits before it connects again, in milliseconds. */
const RETRY_MS = 2_000;

const UTF8 = new TextEncoder();

/** A message of a stream of server-sent events. */
export interface StreamMessage {
  readonly event: string;
  readonly id?: string;
  readonly data: unknown;
}

/** Dependencies of an event stream. */
export interface EventStreamParts {
  readonly messages: AsyncIterator<StreamMessage>;
  readonly clock: Clock;
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
 * Creates a stream of server-sent events. It begins with a comment, so that the client receives the headers at once.
 *
 * Messages are requested as fast as the client reads them. Until then they wait in their source, which limits them. A failure is
 * sent as a message `problem`, which ends the stream.
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
    this.#due += format({ event: 'problem', data: toProblem(error) });
    this.#release();
  }

  async #pull(controller: ReadableStreamDefaultController<Uint8Array>): Promise<void> {
    const text = await this.#nextText();
    if (text === undefined) controller.close();
    else controller.enqueue(UTF8.encode(text));
  }

  /** Resolves to the text to send next, or to `undefined` at the end. */
  async #nextText(): Promise<string | undefined> {
    for (;;) {
      if (this.#due !== '') return this.#take(this.#due);
      if (this.#isReleased) return undefined;
      if (this.#message !== undefined) return this.#take(format(this.#message));
      this.#request();
      await this.#wakeup.wait();
    }
  }

  #take(text: string): string {
    if (this.#due === '') this.#message = undefined;
    this.#due = '';
    if (!this.#isReleased) this.#setTimer();
    return text;
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

/** Formats a message. JSON has no line breaks. */
function format({ event, id, data }: StreamMessage): string {
  const idLine = id === undefined ? '' : `id: ${id}\n`;
  return `event: ${event}\n${idLine}data: ${JSON.stringify(data)}\n\n`;
}
