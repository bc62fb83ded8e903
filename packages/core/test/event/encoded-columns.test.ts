import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { encodeEventJson } from '../../src/event/codec';
import { resolveDefaults } from '../../src/event/defaults';
import type { EncodedColumns } from '../../src/event/encoded-columns';
import { readColumns } from '../../src/event/encoded-columns';
import { createEventEncoder, encodeAll } from '../../src/event/encoded-events';
import type { Event } from '../../src/event/event';
import { LEVELS } from '../../src/event/event';
import { normalizeEvent } from '../../src/event/normalize';
import { fromMicros } from '../../src/event/timestamp';
import { event } from '../support';
import { input } from './arbitraries';

const batch = fc.array(
  input.map((given) =>
    normalizeEvent(given, {
      defaults: resolveDefaults({}),
      now: () => 1_700_000_000_123.456,
      newId: () => 'id',
    }),
  ),
  { maxLength: 10 },
);

const framesOf = (events: readonly Event[]): Uint8Array => Buffer.concat(encodeAll(events).parts);

/** Returns the events of some columns. */
function eventsOf(columns: EncodedColumns): Event[] {
  const text = (
    name: 'id' | 'message' | 'origin' | 'source' | 'type' | 'group' | 'tags' | 'data',
    row: number,
  ) => {
    const { bytes, starts, ends } = columns[name];
    return bytes.toString('utf8', starts[row], ends[row]);
  };
  return Array.from(columns.timestamp, (timestamp, row) => ({
    id: text('id', row),
    message: text('message', row),
    level: LEVELS[columns.level[row] as number] as Event['level'],
    severity: columns.severity[row] as number,
    timestamp: fromMicros(timestamp),
    receivedAt: fromMicros(columns.receivedAt[row] as number),
    origin: text('origin', row),
    source: text('source', row),
    type: text('type', row),
    group: text('group', row),
    tags: JSON.parse(text('tags', row)) as string[],
    data: JSON.parse(text('data', row)) as Event['data'],
  }));
}

describe('readColumns', () => {
  it('reads every field of every event', () => {
    fc.assert(
      fc.property(batch, (events) => {
        const columns = readColumns(framesOf(events));
        expect(columns.count).toBe(events.length);
        expect(eventsOf(columns)).toEqual(events);
      }),
    );
  });

  it('reads events of version 1', () => {
    const encoder = createEventEncoder();
    const events = [event({ id: 'a', message: 'é' }), event({ id: 'b', data: { n: 1 } })];
    for (const each of events) encoder.addBytes(encodeEventJson(each));
    expect(eventsOf(readColumns(Buffer.concat(encoder.finish().parts)))).toEqual(events);
  });

  it('throws VIGILANT_EVENT_INVALID for an event of another version', () => {
    const frames = Uint8Array.from(framesOf([event({})]));
    frames[4] = 99;
    expect(() => readColumns(frames)).toThrow(
      expect.objectContaining({ code: 'VIGILANT_EVENT_INVALID' }) as Error,
    );
  });

  it('throws VIGILANT_EVENT_INVALID for bytes that end within the last event', () => {
    const frames = framesOf([event({ id: 'a' }), event({ id: 'b' })]);
    expect(() => readColumns(frames.subarray(0, frames.length - 1))).toThrow(
      expect.objectContaining({ code: 'VIGILANT_EVENT_INVALID' }) as Error,
    );
  });

  it('keeps every range within its event, or throws VIGILANT_EVENT_INVALID, when the bytes are damaged', () => {
    const damage = fc.record({ at: fc.nat(), byte: fc.nat(255) });
    fc.assert(
      fc.property(batch, fc.array(damage, { minLength: 1, maxLength: 4 }), (events, damages) => {
        fc.pre(events.length > 0);
        const first = framesOf(events.slice(0, 1));
        const frames = Uint8Array.from(framesOf(events));
        // The sizes of the frames have already been checked.
        for (const { at, byte } of damages) frames[4 + (at % (first.length - 4))] = byte;
        let columns: EncodedColumns;
        try {
          columns = readColumns(frames);
        } catch (error) {
          expect(error).toMatchObject({ code: 'VIGILANT_EVENT_INVALID' });
          return;
        }
        const { id, data } = columns;
        expect(data.ends[0]).toBe(first.length);
        expect(data.starts[0]).toBeLessThanOrEqual(first.length);
        expect(id.starts[0]).toBe(4 + 52);
        expect(eventsOf(readColumns(framesOf(events.slice(1))))).toEqual(events.slice(1));
      }),
    );
  });
});
