import type { EventInput, Logger, VigilantError } from '@vigilant/core';
import { isVigilantError } from '@vigilant/core';
import type { EncodedEvents, EventReader } from '@vigilant/core/adapter';
import {
  WireEvent,
  createLogger,
  decodeEvent,
  framesOf,
  logBatchFrom,
  resolveDefaults,
} from '@vigilant/core/adapter';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { codecOf } from '../../src/wire/schema';
import { createEventReader } from '../../src/wire/event-reader';
import { scanRequest } from '../../src/wire/scan-request';

const NOW = 1_700_000_000_000.25;

/** A logger whose events are collected, and the errors that it reported. */
function setUp(defaults = {}) {
  const published: Uint8Array[] = [];
  const reported: string[] = [];
  const logger = createLogger(
    {
      now: () => NOW,
      newId: () => 'new-id',
      redact: undefined,
      level: 'DEBUG',
      submit: () => Promise.reject(new Error('not encoded')),
      submitEncoded(events: EncodedEvents) {
        published.push(...events.parts.flatMap((part) => framesOf(part)));
        return Promise.resolve(new Map());
      },
      onRejected: ({ message }: VigilantError) => void reported.push(message),
    },
    resolveDefaults(defaults),
  );
  return { logger, published, reported };
}

/** Logs encoded events; returns the answer, the published bytes and the reported errors. */
async function log(messages: readonly Buffer[], how: (reader: EventReader) => EventReader, defaults = {}) {
  const { logger, published, reported } = setUp(defaults);
  const { accepted, results } = await logBatchFrom(logger, how(readerOf(messages)));
  return {
    accepted,
    results: results.map((result) => ('error' in result ? describeError(result.error) : result)),
    published: published.map((bytes) => Buffer.from(bytes).toString('latin1')),
    reported,
  };
}

function describeError(error: VigilantError): object {
  expect(isVigilantError(error)).toBe(true);
  const { code, message, retryable, violations } = error;
  return { code, message, retryable, violations };
}

function readerOf(messages: readonly Buffer[]): EventReader {
  const request = Buffer.concat(messages.map((message) => len(1, message)));
  const scanned = scanRequest(request);
  if (scanned === undefined) throw new Error('The request was not scanned.');
  return createEventReader(request, scanned.ranges);
}

const direct = (reader: EventReader): EventReader => reader;

/** The reader of a transport that decodes every event. */
const decoding = (reader: EventReader): EventReader => ({
  count: reader.count,
  sizeOf: (index) => reader.sizeOf(index),
  readInput: (index) => reader.readInput(index),
});

function varint(value: bigint | number): Buffer {
  const bytes: number[] = [];
  let rest = BigInt.asUintN(64, BigInt(value));
  do {
    bytes.push(Number(rest & 0x7fn) | (rest > 0x7fn ? 0x80 : 0));
    rest >>= 7n;
  } while (rest > 0n);
  return Buffer.from(bytes);
}

const integer = (number: number, value: bigint | number): Buffer =>
  Buffer.concat([varint(number << 3), varint(value)]);

const len = (number: number, content: Uint8Array | string): Buffer => {
  const bytes = Buffer.from(content);
  return Buffer.concat([varint((number << 3) | 2), varint(bytes.length), bytes]);
};

const struct = codecOf<object>('google.protobuf.Struct');

const text = fc.oneof(
  fc.string({ unit: 'grapheme', maxLength: 12 }),
  fc.constantFrom('', '0', 'a', 'ü', '日本', '😀', '"', '\\', '\n', '\u007f', '\ufeffb', 'c'.repeat(128)),
  fc.constantFrom('d'.repeat(129), 'e'.repeat(255), 'f'.repeat(256), 'é'.repeat(200), '😀'.repeat(255)),
);

const bytes = fc.oneof(
  { arbitrary: text.map((value) => Buffer.from(value)), weight: 9 },
  { arbitrary: fc.uint8Array({ maxLength: 6 }).map((each) => Buffer.from(each)), weight: 1 },
);

const json = fc.oneof(
  fc.object({ maxDepth: 2, maxKeys: 4 }).map((value) => JSON.stringify(value)),
  fc.object({ maxDepth: 2, maxKeys: 3 }).map((value) => JSON.stringify(value, undefined, 1)),
  fc.double().map((value) => `{"a":${value}}`),
  fc.bigInt({ min: -(10n ** 20n), max: 10n ** 20n }).map((value) => `{"a":[${value}]}`),
  text.map((value) => JSON.stringify({ [value]: value, b: [value] })),
  fc.constantFrom(
    '{"b":1,"a":1,"b":2}',
    '{"b":1,"1":2}',
    '{"a":1.0}',
    '[]',
    'null',
    '{',
    '{}',
    ' {} ',
    '{}x',
  ),
  fc.constantFrom('\ufeff{"a":1}', '{"__proto__":{"a":1}}', '{"toJSON":1}', `{"a":"${'x'.repeat(90_000)}"}`),
  fc.constant(`${'{"a":'.repeat(33)}1${'}'.repeat(33)}`),
);

const timestamp = fc.oneof(
  fc
    .tuple(fc.maxSafeInteger(), fc.integer({ min: -1, max: 1_000_000_000 }))
    .map(([seconds, nanos]) => Buffer.concat([integer(1, seconds), integer(2, nanos)])),
  fc
    .tuple(fc.integer({ min: -9e9, max: 9e9 }), fc.integer({ min: 0, max: 999_999_999 }))
    .map(([seconds, nanos]) => Buffer.concat([integer(2, nanos), integer(1, seconds)])),
  fc.constantFrom(8_796_093_022, 8_796_093_023, 99_999_999, 0).map((seconds) => integer(1, seconds)),
  bytes,
);

/** One field of an event, most of them valid. */
const field = fc.oneof(
  fc.tuple(fc.constantFrom(1, 2, 6, 7, 8, 9, 10), bytes).map(([number, value]) => len(number, value)),
  fc.array(bytes, { maxLength: 70 }).map((tags) => Buffer.concat(tags.map((tag) => len(10, tag)))),
  fc.integer({ min: 0, max: 6 }).map((level) => integer(3, level)),
  fc.oneof(fc.integer(), fc.bigInt({ min: 0n, max: 2n ** 64n - 1n })).map((severity) => integer(4, severity)),
  timestamp.map((value) => len(5, value)),
  json.map((value) => len(12, value)),
  fc.object({ maxDepth: 2, maxKeys: 3 }).map((value) => len(12, JSON.stringify(value))),
  text.map((value) => len(11, struct.encode({ fields: { [value]: { stringValue: value } } }))),
  fc.maxSafeInteger().map((sequence) => integer(14, sequence)),
  fc.integer({ min: 0 }).map((seconds) => len(13, integer(1, seconds))),
  fc.tuple(fc.integer({ min: 0, max: 20 }), bytes).map(([number, value]) => len(number, value)),
  fc.uint8Array({ maxLength: 3 }).map((each) => Buffer.from(each)),
);

const message = fc
  .tuple(fc.boolean(), bytes, fc.array(field, { maxLength: 6 }), fc.nat(400))
  .map(([isWhole, first, fields, cut]) => {
    const whole = Buffer.concat([...fields.slice(1), len(2, first), ...fields.slice(0, 1)]);
    return isWhole || cut >= whole.length ? whole : whole.subarray(0, whole.length - (cut % 4));
  });

const EVENT = {
  id: '0198c0de-0000-7000-8000-000000000000',
  message: 'order 42 placed — gift 🎁',
  level: 3,
  severity: 17,
  timestamp: { seconds: 1_700_000_000, nanos: 123_456_789 },
  origin: 'shop-1',
  source: 'orders',
  type: 'metric',
  group: 'ü',
  tags: ['payment', '', 'eu', 'payment'],
  dataJson: Buffer.from('{"userId": 42, "durationMs": 12.345678901234567, "path": "/a", "ok": [true, null]}'),
};

const encode = (event: object): Buffer => Buffer.from(codecOf<object>('vigilant.v1.Event').encode(event));

describe('createEventReader', () => {
  it('accepts and rejects the same events with and without decoding them', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(message, { maxLength: 4 }), fc.boolean(), async (messages, hasDefaults) => {
        const defaults = hasDefaults ? { origin: 'ö', source: 's', type: '', group: 'g' } : {};
        expect(await log(messages, direct, defaults)).toEqual(await log(messages, decoding, defaults));
      }),
      { numRuns: 1_500 },
    );
  });

  it.each<[string, Buffer]>([
    ['a severity of 2^31', integer(4, 2 ** 31)],
    ['a severity of 2^32', integer(4, 2 ** 32)],
    ['a severity of 2^31 - 1', integer(4, 2 ** 31 - 1)],
    ['a severity of -1', integer(4, -1)],
    ['a severity of five bytes', Buffer.from('208580808000', 'hex')],
    ['a severity of six bytes', Buffer.from('20858080808000', 'hex')],
    ['a level of six bytes', Buffer.from('18838080808000', 'hex')],
    ['a length of six bytes', Buffer.from('3a81808080800061', 'hex')],
    ['a sequence of six bytes', Buffer.from('70858080808000', 'hex')],
    ['nanoseconds of six bytes', len(5, Buffer.from('10858080808000', 'hex'))],
    ['a level that does not exist', integer(3, 5)],
    ['10^9 nanoseconds', len(5, Buffer.concat([integer(1, 1_700_000_000), integer(2, 1_000_000_000)]))],
    ['999999999 nanoseconds', len(5, Buffer.concat([integer(1, 1_700_000_000), integer(2, 999_999_999)]))],
    ['the last second', len(5, integer(1, 8_796_093_022))],
    ['a second too late', len(5, integer(1, 8_796_093_023))],
  ])('treats %s like the decoded event', async (_, encoded) => {
    const whole = Buffer.concat([len(2, 'm'), encoded]);
    expect(await log([whole], direct)).toEqual(await log([whole], decoding));
  });

  it.each<[string, object]>([
    ['all fields', EVENT],
    ['only a message', { message: '' }],
    ['empty names', { message: 'm', origin: '', source: '', type: '', group: '' }],
    ['the id 0', { id: '0', message: 'm' }],
    ['a long message', { message: 'm'.repeat(65_536) }],
    ['a name of 255 bytes', { message: 'm', origin: 'x'.repeat(255) }],
    ['64 tags', { message: 'm', tags: Array.from({ length: 64 }, (_, index) => `tag ${index}`) }],
    ['empty data', { message: 'm', dataJson: Buffer.alloc(0) }],
  ])('does not decode an event with %s', async (_, event) => {
    const neverDecoding = (reader: EventReader): EventReader => ({
      count: reader.count,
      sizeOf: (index) => reader.sizeOf(index),
      readWire: (index, wireEvent) => reader.readWire?.(index, wireEvent) ?? false,
      readInput: (): EventInput => expect.unreachable(),
    });
    const result = await log([encode(event)], neverDecoding);
    expect(result.accepted).toBe(1);
    expect(result).toEqual(await log([encode(event)], decoding));
  });

  it.each([
    [64, true],
    [65, false],
    [100_000, false],
  ])('reads %i empty tags without decoding the event: %s', (count, isRead) => {
    const event = new WireEvent();
    const reader = readerOf([
      Buffer.concat([len(2, 'm'), ...Array.from({ length: count }, () => len(10, ''))]),
    ]);
    expect(reader.readWire?.(0, event)).toBe(isRead);
    expect(event.tags.count).toBe(64);
  });

  it('keeps every field', async () => {
    const { published } = await log([encode(EVENT)], direct);
    expect(decodeEvent(Buffer.from(published[0] as string, 'latin1'))).toEqual({
      id: EVENT.id,
      message: EVENT.message,
      level: 'WARN',
      severity: 17,
      timestamp: 1_700_000_000_123.456,
      receivedAt: NOW,
      origin: 'shop-1',
      source: 'orders',
      type: 'metric',
      group: 'ü',
      tags: ['payment', 'eu'],
      data: { userId: 42, durationMs: 12.345678901234567, path: '/a', ok: [true, null] },
    });
  });

  it('passes inputs to a method that replaces logBatch', async () => {
    const { logger } = setUp();
    const seen: unknown[] = [];
    const replaced: Pick<Logger, 'logBatch'> = {
      logBatch: (inputs) => {
        seen.push(...inputs);
        return logger.logBatch(inputs);
      },
    };
    const damaged = Buffer.from([0x0a, 0x05]);
    const { accepted, results } = await logBatchFrom(replaced, readerOf([encode(EVENT), damaged]));
    expect(accepted).toBe(1);
    expect(seen).toMatchObject([{ message: EVENT.message }, undefined]);
    expect(results[1]).toMatchObject({
      error: { violations: [{ field: 'events[1].id', code: 'malformed' }] },
    });
  });
});
