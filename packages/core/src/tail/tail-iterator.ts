import type { TailItem } from '../contracts/vigilant';
import type { TailReader } from './tail-hub';

/** Creates the async iterator of a reader. It ends when the loop is left, the signal is aborted or the hub closes. */
export function createTailIterator(reader: TailReader, signal?: AbortSignal): AsyncIterableIterator<TailItem> {
  const leave = (): void => {
    signal?.removeEventListener('abort', leave);
    reader.leave();
  };
  signal?.addEventListener('abort', leave, { once: true });
  if (signal?.aborted) leave();
  let turns: Promise<unknown> = Promise.resolve();
  return {
    next() {
      const result = turns.then(async (): Promise<IteratorResult<TailItem>> => {
        const value = await reader.next();
        if (value !== undefined) return { value, done: false };
        leave();
        return { value: undefined, done: true };
      });
      turns = result.catch(() => {});
      return result;
    },
    async return() {
      leave();
      return { value: undefined, done: true };
    },
    [Symbol.asyncIterator]() {
      return this;
    },
  };
}
