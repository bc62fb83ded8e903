import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readBinaryRow } from '../../src/event/binary-encoding';
import { decodeEvent, encodeEvent, encodedSize } from '../../src/event/codec';
import { resolveDefaults } from '../../src/event/defaults';
import {
  createEventEncoder,
  encodeAll,
  framesOf,
  joinEncoded,
  readFrames,
} from '../../src/event/encoded-events';
import type { Event } from '../../src/event/event';
import { normalizeEvent } from '../../src/event/normalize';
import { event, events } from '../support';
import { input } from './arbitraries';

const batch = fc.array(
  input.map((given) =>
    normalizeEvent(given, {
      defaults: resolveDefaults({}),
      now: () => 1_700_000_000_123.456,
      newId: () => 'id',
    }),
  ),
  { maxLength: 20 },
);

const joined = (parts: readonly Uint8Array[]): Uint8Array => Uint8Array.from(Buffer.concat(parts));

describe('EncodedEvents', () => {
  it('contain every field of the events, even after they were passed to another thread', () => {
    fc.assert(
      fc.property(batch, (given) => {
        const encoded = encodeAll(given);
        expect(encoded.count).toBe(given.length);
        expect(encoded.decode()).toEqual(given);
        const read = readFrames(joined(encoded.parts));
        expect([read.count, read.bytes]).toEqual([encoded.count, encoded.bytes]);
        expect(read.decode()).toEqual(given);
        expect(framesOf(joined(encoded.parts)).map(decodeEvent)).toEqual(given);
      }),
    );
  });

  it('contain events as a store keeps them', () => {
    fc.assert(
      fc.property(batch, (given) => {
        const encoder = createEventEncoder();
        const sizes = given.map((each) => encoder.addRow(readBinaryRow(Buffer.from(encodeEvent(each)))));
        expect(encoder.finish().decode()).toEqual(given);
        expect(sizes).toEqual(given.map(encodedSize));
      }),
    );
  });

  it('have the sum of the sizes of the events', () => {
    const all = [event(), event({ message: '日本語' }), event({ message: 'x'.repeat(200_000) })];
    const sizes = all.map((each) => encodedSize({ ...each }));
    expect(encodeAll(all).bytes).toBe(sizes.reduce((sum, size) => sum + size));
    expect(encodeAll([]).bytes).toBe(0);
  });

  it('contain events that were encoded before, and encoded events', () => {
    const [first, second, third, fourth] = events(4) as [Event, Event, Event, Event];
    encodeEvent(second);
    const encoder = createEventEncoder();
    expect(encoder.add(first)).toBe(encodedSize(first));
    encoder.add(second);
    encoder.addAll(encodeAll([third]));
    encoder.addBytes(encodeEvent(fourth));
    expect(encoder.count).toBe(4);
    expect(encoder.finish().decode()).toEqual([first, second, third, fourth]);
  });

  it('are kept apart when two encoders alternate', () => {
    const all = events(2_000);
    const encoders = [createEventEncoder(), createEventEncoder()];
    for (const [index, each] of all.entries()) encoders[index % 2]?.add(each);
    const [even, odd] = encoders.map((encoder) => encoder.finish().decode());
    expect(even).toEqual(all.filter((_, index) => index % 2 === 0));
    expect(odd).toEqual(all.filter((_, index) => index % 2 === 1));
  });

  it('return any range, the events that reach a limit, and one event', () => {
    const all = events(2_000, { message: 'x'.repeat(200) });
    const size = encodedSize(all[999] as Event);
    const encoded = encodeAll(all);
    expect(encoded.parts.length).toBeGreaterThan(1);
    for (const [start, end] of [
      [0, 2_000],
      [0, 0],
      [0, 1],
      [500, 1_700],
      [1_999, 2_000],
      [2_000, 2_000],
    ] as const) {
      const range = encoded.slice(start, end);
      expect(range.decode()).toEqual(all.slice(start, end));
      expect(range.count).toBe(end - start);
      expect(range.bytes).toBe(all.slice(start, end).reduce((sum, each) => sum + encodedSize(each), 0));
    }
    expect(encoded.at(1_234)).toEqual(all[1_234]);
    const tail = encoded.slice(990, 2_000);
    expect(tail.countWithin(3, 1e9)).toBe(3);
    expect(tail.countWithin(1e9, 2 * size)).toBe(2);
    expect(tail.countWithin(1e9, 2 * size + 1)).toBe(3);
    expect(tail.countWithin(1e9, 1e9)).toBe(1_010);
    expect(joinEncoded([encoded.slice(0, 3), encoded.slice(3, 5)]).decode()).toEqual(all.slice(0, 5));
  });

  it('return the earliest receipt', () => {
    expect(encodeAll([]).earliestReceipt()).toBeUndefined();
    expect(
      encodeAll([event({ receivedAt: 5.5 }), event({ receivedAt: -3 }), event()]).earliestReceipt(),
    ).toBe(-3);
  });

  it.each([
    ['a size that is cut', [1, 0, 0]],
    ['an event that is cut', [5, 0, 0, 0, 2, 0]],
    ['a size beyond the end', [255, 255, 255, 255, 0]],
  ])('are not read from %s', (_, bytes) => {
    expect(() => readFrames(Uint8Array.from(bytes))).toThrow(
      expect.objectContaining({ code: 'VIGILANT_EVENT_INVALID' }) as Error,
    );
  });
});
