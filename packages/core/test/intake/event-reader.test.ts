import { describe, expect, it } from 'vitest';
import type { EventInput } from '../../src/event/event';
import { invalidEvent } from '../../src/event/violations';
import type { EventReader } from '../../src/intake/event-reader';
import { logBatchFrom, readInputs } from '../../src/intake/event-reader';
import type { Texts } from './wire-events';
import { failingClock, fill, setUp } from './wire-events';

/** A reader of inputs and of events that need not be decoded. It notes which ones were decoded. */
function readerOf(events: readonly (EventInput | Error | { readonly texts: Texts })[]) {
  const decoded: number[] = [];
  const reader: EventReader = {
    count: events.length,
    sizeOf: () => 100,
    readWire(index, event) {
      const texts = (events[index] as { texts?: Texts }).texts;
      if (texts !== undefined) fill(event, texts);
      return texts !== undefined;
    },
    readInput(index) {
      decoded.push(index);
      const event = events[index];
      if (event instanceof Error) throw event;
      return event !== undefined && 'texts' in event
        ? (event.texts as unknown as EventInput)
        : (event as EventInput);
    },
  };
  return { reader, decoded };
}

describe('logBatchFrom', () => {
  it('decodes only the events for which that is necessary', async () => {
    const { vigilant } = setUp();
    const { reader, decoded } = readerOf([
      { texts: { id: 'a', message: 'm' } },
      { message: 'm', id: 'b' },
      { texts: { id: 'c', message: 'm', group: 'g'.repeat(256) } },
      { texts: { id: 'd', message: 'm' } },
    ]);
    const { accepted, results } = await logBatchFrom(vigilant, reader);
    expect(accepted).toBe(3);
    expect(results).toMatchObject([
      { id: 'a' },
      { id: 'b' },
      { error: { violations: [{ field: 'events[2].group', code: 'too_long' }] } },
      { id: 'd' },
    ]);
    expect(decoded).toEqual([1, 2]);
    await vigilant.flush();
    const { events } = await vigilant.query('', { order: 'arrival' });
    expect(events.map(({ id }) => id)).toEqual(['a', 'b', 'd']);
  });

  it('returns, counts and reports the error of an event that cannot be decoded', async () => {
    const { vigilant, diagnostics } = setUp();
    const error = invalidEvent([{ field: 'events[0].id', code: 'malformed', reason: 'is cut off' }]);
    const { accepted, results } = await logBatchFrom(vigilant, readerOf([error, { message: 'm' }]).reader);
    expect({ accepted, results }).toMatchObject({ accepted: 1, results: [{ error }, {}] });
    expect((await vigilant.status()).intake).toMatchObject({ accepted: 1, invalid: 1 });
    expect(diagnostics).toMatchObject([{ code: 'event-refused', error }]);
  });

  it('rejects and reports a batch if the clock fails', async () => {
    const { vigilant, diagnostics } = setUp({ clock: failingClock });
    const logged = logBatchFrom(vigilant, readerOf([{ texts: { message: 'm' } }]).reader);
    await expect(logged).rejects.toMatchObject({ code: 'VIGILANT_INTERNAL' });
    expect(diagnostics).toMatchObject([{ code: 'event-refused', error: { code: 'VIGILANT_INTERNAL' } }]);
  });

  it('yields to other work of the process', async () => {
    const { vigilant } = setUp();
    await vigilant.open();
    const message = 'm'.repeat(1_024);
    const { reader } = readerOf(Array.from({ length: 1_000 }, () => ({ texts: { message } })));
    let turns = 0;
    let isSettled = false;
    const logged = logBatchFrom(vigilant, reader).finally(() => (isSettled = true));
    while (!isSettled) {
      await new Promise((resolve) => setImmediate(resolve));
      turns += 1;
    }
    expect((await logged).accepted).toBe(1_000);
    // 1,000 events of more than 1 KiB are at least 8 slices of 128 KiB.
    expect(turns).toBeGreaterThanOrEqual(8);
  });

  it('passes inputs to a method that replaces logBatch()', async () => {
    const { vigilant } = setUp();
    const error = invalidEvent([{ field: 'events[1]', code: 'malformed', reason: 'is cut off' }]);
    const { reader } = readerOf([{ texts: { id: 'a', message: 'm' } }, error]);
    const seen: unknown[] = [];
    const replaced = {
      logBatch(inputs: readonly EventInput[]) {
        seen.push(...inputs);
        return vigilant.logBatch(inputs);
      },
    };
    const { accepted, results } = await logBatchFrom(replaced, reader);
    expect({ accepted, results }).toMatchObject({ accepted: 1, results: [{ id: 'a' }, { error }] });
    expect(seen).toEqual([{ id: 'a', message: 'm' }, undefined]);
  });
});

describe('readInputs', () => {
  it('has undefined in place of events that cannot be decoded', async () => {
    const input = { message: 'm' };
    const rejected = new Map();
    const error = invalidEvent([]);
    expect(await readInputs(readerOf([error, input]).reader, rejected)).toEqual([undefined, input]);
    expect([...rejected]).toEqual([[0, error]]);
  });
});
