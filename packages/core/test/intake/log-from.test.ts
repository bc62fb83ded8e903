import { describe, expect, it } from 'vitest';
import type { VigilantOptions } from '../../src/engine/options';
import type { EventInput } from '../../src/event/event';
import { eventSlab } from '../../src/event/event-slab';
import { invalidEvent } from '../../src/event/violations';
import type { WireEvent } from '../../src/event/wire-event';
import { WIRE_TEXTS } from '../../src/event/wire-event';
import { logFrom } from '../../src/intake/event-reader';
import { createMemoryBroker } from '../../src/memory/memory-broker';
import { failingClock, setUp, wireEvent } from './wire-events';

/** A reader of one event, which is decoded to an input without fields. It counts how often that happened. */
function singleReaderOf(event: WireEvent) {
  const reader = {
    decoded: 0,
    readWire: (_: number, target: WireEvent) => (copyWire(event, target), true),
    readInput: (): EventInput => ((reader.decoded += 1), { message: 'decoded' }),
  };
  return reader;
}

function copyWire(source: WireEvent, target: WireEvent): void {
  target.clear(source.bytes);
  for (const text of Object.values(WIRE_TEXTS))
    if (source.has(text)) target.setText(text, source.startOf(text), source.endOf(text));
  for (let index = 0; index < source.tags.count; index += 1)
    target.tags.add(source.tags.startOf(index), source.tags.endOf(index));
  const { rank, severity, timestamp } = source;
  Object.assign(target, { rank, severity, timestamp });
}

describe('logFrom', () => {
  it('logs an event without decoding it', async () => {
    const { vigilant } = setUp({ defaults: { origin: 'ö', source: 'shop' } });
    const event = wireEvent({ id: 'a', message: 'naïve 😀', type: 'metric', data: '{"userId": 42}' }, [
      'eu',
      'é',
      '',
      'eu',
    ]);
    event.rank = 3;
    event.severity = -5;
    event.timestamp = -1.5e15;
    const reader = singleReaderOf(event);
    expect(await logFrom(vigilant, reader)).toEqual({ id: 'a' });
    expect(reader.decoded).toBe(0);
    expect(await vigilant.get('a')).toMatchObject({
      message: 'naïve 😀',
      level: 'ERROR',
      severity: -5,
      timestamp: -1.5e12,
      origin: 'ö',
      source: 'shop',
      type: 'metric',
      group: 'default',
      tags: ['eu', 'é'],
      data: { userId: 42 },
    });
  });

  it('creates an id and uses the time of acceptance', async () => {
    const { vigilant } = setUp();
    const before = Date.now();
    const { id } = await logFrom(vigilant, singleReaderOf(wireEvent({ message: 'm', id: '0' })));
    const found = await vigilant.get(id);
    expect(id).toMatch(/^[\da-f]{8}-[\da-f]{4}-7/);
    expect(found?.message).toBe('m');
    expect(found?.timestamp).toBe(found?.receivedAt);
    expect(found?.timestamp).toBeGreaterThanOrEqual(before);
  });

  it('uses the defaults of a child logger', async () => {
    const { vigilant } = setUp();
    const child = vigilant.child({ group: 'child', source: '日本' });
    await logFrom(child, singleReaderOf(wireEvent({ id: 'a', message: 'm' })));
    expect(await vigilant.get('a')).toMatchObject({ group: 'child', source: '日本' });
  });

  it('logs the largest event without decoding it', async () => {
    const { vigilant } = setUp();
    const message = 'm'.repeat(64 * 1024);
    const data = { a: 'ü'.repeat(128 * 1024 - 4) };
    const tags = Array.from({ length: 64 }, (_, index) => String(index).padStart(255, '-'));
    const reader = singleReaderOf(wireEvent({ id: 'a', message, data: JSON.stringify(data) }, tags));
    await logFrom(vigilant, reader);
    expect(reader.decoded).toBe(0);
    expect(await vigilant.get('a')).toMatchObject({ message, data, tags });
  });

  it.each<[string, VigilantOptions]>([
    ['a broker that keeps objects', { broker: createMemoryBroker() }],
    ['the option redact', { redact: (event) => event }],
    ['default data', { defaults: { data: { region: 'eu' } } }],
    ['default tags', { defaults: { tags: ['eu'] } }],
  ])('decodes the event with %s', async (_, options) => {
    const { vigilant } = setUp(options);
    const reader = singleReaderOf(wireEvent({ message: 'm' }));
    const { id } = await logFrom(vigilant, reader);
    expect(await vigilant.get(id)).toMatchObject({ message: 'decoded' });
  });

  it.each<[string, WireEvent]>([
    ['no message', wireEvent({ id: 'a' })],
    ['an id with a space', wireEvent({ id: 'a b', message: 'm' })],
    ['an id of 129 characters', wireEvent({ id: 'a'.repeat(129), message: 'm' })],
    ['a message of more than 64 KiB', wireEvent({ message: 'm'.repeat(65_537) })],
    ['a name of more than 255 bytes', wireEvent({ message: 'm', group: 'g'.repeat(256) })],
    ['a tag of more than 255 bytes', wireEvent({ message: 'm' }, ['t'.repeat(256)])],
    ['a tag with a quote', wireEvent({ message: 'm' }, ['"'])],
    [
      '65 tags',
      wireEvent(
        { message: 'm' },
        Array.from({ length: 65 }, (_, index) => `${index}`),
      ),
    ],
    ['data that must be parsed', wireEvent({ message: 'm', data: '{"a":1.0}' })],
    ['data of more than 256 KiB', wireEvent({ message: 'm', data: `{"a":"${'x'.repeat(262_137)}"}` })],
    ['a time after the year 2248', Object.assign(wireEvent({ message: 'm' }), { timestamp: 8.8e15 })],
  ])('decodes, and does not report, an event with %s', async (_, event) => {
    const { vigilant, diagnostics } = setUp();
    const reader = singleReaderOf(event);
    await logFrom(vigilant, reader);
    expect(reader.decoded).toBe(1);
    expect(diagnostics).toEqual([]);
  });

  it.each(['message', 'origin', 'data'] as const)('decodes an event whose %s is not UTF-8', async (name) => {
    const { vigilant } = setUp();
    for (const text of ['x', 'x'.repeat(200)]) {
      const event = wireEvent({ message: 'm', [name]: name === 'data' ? `{"a":"${text}"}` : text });
      event.bytes[event.bytes.indexOf('x')] = 0xff;
      const reader = singleReaderOf(event);
      await logFrom(vigilant, reader);
      expect(reader.decoded).toBe(1);
    }
  });

  it('does not reserve memory for an event that is too large', async () => {
    const { vigilant } = setUp();
    await logFrom(vigilant, singleReaderOf(wireEvent({ message: 'm' })));
    const { bytes } = eventSlab;
    await logFrom(vigilant, singleReaderOf(wireEvent({ message: 'm'.repeat(4 * 1024 * 1024) })));
    expect(eventSlab.bytes).toBe(bytes);
  });

  it('rejects and reports an event after close()', async () => {
    const { vigilant, diagnostics } = setUp();
    await vigilant.close();
    const closed = { code: 'VIGILANT_CLOSED' };
    const logged = logFrom(vigilant, singleReaderOf(wireEvent({ message: 'late' })));
    await expect(logged).rejects.toMatchObject(closed);
    expect(diagnostics).toMatchObject([{ code: 'event-refused', error: closed }]);
  });

  it('counts and reports an event that cannot be decoded', async () => {
    const { vigilant, diagnostics } = setUp();
    const error = invalidEvent([{ field: 'data_json', code: 'malformed', reason: 'is not valid JSON' }]);
    const readInput = (): never => {
      throw error;
    };
    await expect(logFrom(vigilant, { readInput })).rejects.toBe(error);
    expect((await vigilant.status()).intake).toMatchObject({ accepted: 0, invalid: 1 });
    expect(diagnostics).toMatchObject([{ code: 'event-refused', error }]);
  });

  it('rejects and reports an event if the clock fails', async () => {
    const { vigilant, diagnostics } = setUp({ clock: failingClock });
    const logged = logFrom(vigilant, singleReaderOf(wireEvent({ message: 'm' })));
    await expect(logged).rejects.toMatchObject({ code: 'VIGILANT_INTERNAL' });
    expect(diagnostics).toMatchObject([{ code: 'event-refused', error: { code: 'VIGILANT_INTERNAL' } }]);
  });

  it('passes an input to a method that replaces log()', async () => {
    const { vigilant } = setUp();
    const seen: unknown[] = [];
    const log = async (input: EventInput) => (seen.push(input), { id: 'own' });
    const reader = singleReaderOf(wireEvent({ message: 'm' }));
    expect(await logFrom({ ...vigilant, log }, reader)).toEqual({ id: 'own' });
    expect(seen).toEqual([{ message: 'decoded' }]);
  });
});
