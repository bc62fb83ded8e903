import type { Vigilant } from '@vigilant/core';

const BATCHES = 20;
const BATCH_EVENTS = 10;

/** The severities of the events that `tailNumbers` logs, in order. */
export const NUMBERS: readonly number[] = Array.from({ length: BATCHES * BATCH_EVENTS }, (_, n) => n);

/** Starts a tail, logs numbered events in batches, and returns the numbers in the order in which the tail returns them. */
export async function tailNumbers(vigilant: Vigilant): Promise<readonly number[]> {
  const { tailCursor } = await vigilant.query('', { limit: 1 });
  const tail = vigilant.tail('', { cursor: tailCursor });
  const reading = (async () => {
    const returned: number[] = [];
    for await (const item of tail) {
      if (item.type === 'event') returned.push(item.event.severity);
      if (returned.length === NUMBERS.length) break;
    }
    return returned;
  })();
  for (let start = 0; start < NUMBERS.length; start += BATCH_EVENTS) {
    const batch = NUMBERS.slice(start, start + BATCH_EVENTS);
    await vigilant.logBatch(batch.map((severity) => ({ message: 'numbered', severity })));
  }
  return reading;
}
