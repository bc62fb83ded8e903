/** Size of the chunks of a stream, in characters. */
const CHUNK_CHARACTERS = 64 * 1024;

const UTF8 = new TextEncoder();

/** Dependencies of a text stream. */
export interface TextStreamParts {
  readonly texts: AsyncGenerator<string>;
  /** Aborts the stream. */
  readonly signal: AbortSignal;
  /** Called once, when the stream has ended; with an error if it failed. */
  readonly onEnd: (error?: unknown) => void;
}

/** Streams text as fast as the client reads it. If the source fails, the stream fails. */
export function createTextStream({ texts, signal, onEnd }: TextStreamParts): ReadableStream<Uint8Array> {
  let hasEnded = false;
  const end = (error?: unknown): void => {
    if (hasEnded) return;
    hasEnded = true;
    void texts.return(undefined).catch(() => {});
    onEnd(error);
  };
  return new ReadableStream<Uint8Array>({
    start(controller) {
      const fail = (): void => {
        if (hasEnded) return;
        controller.error(signal.reason);
        end(signal.reason);
      };
      if (signal.aborted) fail();
      else signal.addEventListener('abort', fail, { once: true });
    },
    async pull(controller) {
      try {
        const { text, isLast } = await nextChunk(texts);
        if (hasEnded) return;
        if (text !== '') controller.enqueue(UTF8.encode(text));
        if (!isLast) return;
        controller.close();
        end();
      } catch (error) {
        if (!hasEnded) controller.error(error);
        end(error);
      }
    },
    cancel: () => end(),
  });
}

/** Collects texts until they fill a chunk. */
async function nextChunk(
  texts: AsyncGenerator<string>,
): Promise<{ readonly text: string; readonly isLast: boolean }> {
  let text = '';
  while (text.length < CHUNK_CHARACTERS) {
    const { value, done } = await texts.next();
    if (done === true) return { text, isLast: true };
    text += value;
  }
  return { text, isLast: false };
}
