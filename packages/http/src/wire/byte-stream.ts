/** Dependencies of a byte stream. */
export interface ByteStreamParts {
  readonly chunks: AsyncGenerator<Uint8Array>;
  /** Aborts the stream. */
  readonly signal: AbortSignal;
  /** Called once, when the stream has ended; with an error if it failed. */
  readonly onEnd: (error?: unknown) => void;
}

/** Streams chunks as fast as the client reads them. If the source fails, the stream fails. */
export function createByteStream({ chunks, signal, onEnd }: ByteStreamParts): ReadableStream<Uint8Array> {
  let hasEnded = false;
  const end = (error?: unknown): void => {
    if (hasEnded) return;
    hasEnded = true;
    void chunks.return(undefined).catch(() => {});
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
        const { value, done } = await chunks.next();
        if (hasEnded) return;
        if (done !== true) return controller.enqueue(value);
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
