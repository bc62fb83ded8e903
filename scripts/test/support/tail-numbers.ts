import type { Vigilant } from '@vigilant/core';

type Tail = ReturnType<Vigilant['tail']>;

const BATCHES = 20;
const BATCH_EVENTS = 10;

/** The severities of the events that `tailNumbers` logs, in order. */
export const NUMBERS: readonly number[] = Array.from({ length: BATCHES * BATCH_EVENTS }, (_, n) => n);

/** Where the tail of `tailNumbers` starts: at the cursor of a query, or live. */
export const TAIL_STARTS = ['at a cursor', 'live'] as const;

/** Starts a tail, logs numbered events in batches, and returns the numbers in the order in which the tail returns them. */
export async function tailNumbers(
  vigilant: Vigilant,
  start: (typeof TAIL_STARTS)[number],
): Promise<readonly number[]> {
  const tail = await startTail(vigilant, start);
  const reading = (async () => {
    const returned: number[] = [];
    for await (const item of tail) {
      if (item.type === 'event') returned.push(item.event.severity);
      if (returned.length === NUMBERS.length) break;
    }
    return returned;
  })();
  for (let first = 0; first < NUMBERS.length; first += BATCH_EVENTS) {
    const batch = NUMBERS.slice(first, first + BATCH_EVENTS);
    await vigilant.logBatch(batch.map((severity) => ({ message: 'numbered', severity })));
  }
  return reading;
}

async function startTail(vigilant: Vigilant, start: (typeof TAIL_STARTS)[number]): Promise<Tail> {
  if (start === 'live') return vigilant.tail();
  const { tailCursor } = await vigilant.query('', { limit: 1 });
  return vigilant.tail('', { cursor: tailCursor });
}
