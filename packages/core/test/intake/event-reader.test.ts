import { describe, expect, it, onTestFinished } from 'vitest';
import type { Broker } from '../../src/contracts/broker';
import type { VigilantOptions } from '../../src/engine/options';
import { createVigilant } from '../../src/engine/engine';
import type { EventInput } from '../../src/event/event';
import { eventSlab } from '../../src/event/event-slab';
import { invalidEvent } from '../../src/event/violations';
import type { WireText } from '../../src/event/wire-event';
import { WIRE_TEXTS, WireEvent } from '../../src/event/wire-event';
import type { EventReader } from '../../src/intake/event-reader';
import { logBatchFrom, logWire, readInputs } from '../../src/intake/event-reader';
import { createMemoryBroker } from '../../src/memory/memory-broker';
import type { Diagnostic } from '../../src/util/diagnostics';

/** A broker that keeps events encoded, and the decoded events of each publish. */
function encodedBroker(): Broker {
  const memory = createMemoryBroker();
  return {
    capabilities: memory.capabilities,
    open: (context) => memory.open(context),
    publish: (events) => memory.publish(events),
    publishEncoded: (events) => memory.publish(events.decode()),
    consume: (options) => memory.consume(options),
    watch: (options) => memory.watch(options),
    barrier: (options) => memory.barrier(options),
    status: () => memory.status(),
    close: () => memory.close(),
  };
}

function setUp(options: VigilantOptions = {}) {
  const diagnostics: Diagnostic[] = [];
  const vigilant = createVigilant({
    broker: encodedBroker(),
    onDiagnostic: (diagnostic) => diagnostics.push(diagnostic),
    ...options,
  });
  onTestFinished(() => vigilant.close().then(() => {}));
  return { vigilant, diagnostics };
}

type Texts = Partial<Record<keyof typeof WIRE_TEXTS, string>>;

function fill(event: WireEvent, texts: Texts, tags: readonly string[] = []): WireEvent {
  const parts: string[] = [];
  const rangeOf = (text: string): [number, number] => {
    const start = Buffer.byteLength(parts.join(''));
    parts.push(text);
    return [start, start + Buffer.byteLength(text)];
  };
  event.clear(Buffer.alloc(0));
  for (const [name, text] of Object.entries(texts))
    event.setText(WIRE_TEXTS[name as keyof typeof WIRE_TEXTS] satisfies WireText, ...rangeOf(text));
  for (const tag of tags) event.tags.add(...rangeOf(tag));
  event.bytes = Buffer.from(parts.join(''));
  return event;
}

const wireEvent = (texts: Texts, tags: readonly string[] = []): WireEvent =>
  fill(new WireEvent(), texts, tags);

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

describe('logWire', () => {
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
    expect(await logWire(vigilant, event)).toEqual({ id: 'a' });
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
    const { id } = (await logWire(vigilant, wireEvent({ message: 'm', id: '0' }))) ?? { id: '' };
    const found = await vigilant.get(id);
    expect(id).toMatch(/^[\da-f]{8}-[\da-f]{4}-7/);
    expect(found?.timestamp).toBe(found?.receivedAt);
    expect(found?.timestamp).toBeGreaterThanOrEqual(before);
  });

  it('uses the defaults of a child logger', async () => {
    const { vigilant } = setUp();
    const child = vigilant.child({ group: 'child', source: '日本' });
    await logWire(child, wireEvent({ id: 'a', message: 'm' }));
    expect(await vigilant.get('a')).toMatchObject({ group: 'child', source: '日本' });
  });

  it.each<[string, VigilantOptions]>([
    ['a broker that keeps objects', { broker: createMemoryBroker() }],
    ['the option redact', { redact: (event) => event }],
    ['default data', { defaults: { data: { region: 'eu' } } }],
    ['default tags', { defaults: { tags: ['eu'] } }],
  ])('returns undefined with %s', (_, options) => {
    const { vigilant } = setUp(options);
    expect(logWire(vigilant, wireEvent({ message: 'm' }))).toBeUndefined();
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
    ['data of more than 85 KiB', wireEvent({ message: 'm', data: `{"a":"${'x'.repeat(90_000)}"}` })],
    ['a time after the year 2248', Object.assign(wireEvent({ message: 'm' }), { timestamp: 8.8e15 })],
  ])('returns undefined, and reports nothing, for %s', (_, event) => {
    const { vigilant, diagnostics } = setUp();
    expect(logWire(vigilant, event)).toBeUndefined();
    expect(diagnostics).toEqual([]);
  });

  it.each(['message', 'origin', 'data'] as const)('returns undefined for a %s that is not UTF-8', (name) => {
    const { vigilant } = setUp();
    for (const text of ['x', 'x'.repeat(200)]) {
      const event = wireEvent({ message: 'm', [name]: name === 'data' ? `{"a":"${text}"}` : text });
      event.bytes[event.bytes.indexOf('x')] = 0xff;
      expect(logWire(vigilant, event)).toBeUndefined();
    }
  });

  it('does not reserve memory for an event that is too large', () => {
    const { vigilant } = setUp();
    const { bytes } = eventSlab;
    expect(logWire(vigilant, wireEvent({ message: 'm'.repeat(4 * 1024 * 1024) }))).toBeUndefined();
    expect(eventSlab.bytes).toBe(bytes);
  });

  it('rejects and reports an event after close()', async () => {
    const { vigilant, diagnostics } = setUp();
    await vigilant.close();
    const closed = { code: 'VIGILANT_CLOSED' };
    await expect(logWire(vigilant, wireEvent({ message: 'late' }))).rejects.toMatchObject(closed);
    expect(diagnostics).toMatchObject([{ code: 'event-refused', error: closed }]);
  });

  it('returns undefined if a method replaces log()', () => {
    const { vigilant } = setUp();
    const replaced = { ...vigilant, log: async () => ({ id: 'own' }) };
    expect(logWire(replaced, wireEvent({ message: 'm' }))).toBeUndefined();
  });
});

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

  it('lets other work of the process run in between', async () => {
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
