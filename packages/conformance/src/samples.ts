import { LEVELS } from '@vigilant/core';
import { MAX_SEVERITY, MAX_TIME_MS, MIN_SEVERITY, fromMicros } from '@vigilant/core/adapter';
import type { Event, JsonObject } from '@vigilant/core';

let made = 0;

/** An arbitrary time in milliseconds. */
export const BASE_MS = Date.UTC(2026, 0, 1);

/** Creates a normalised event with a new id. Other fields have plain defaults. */
export function sampleEvent(fields: Partial<Event> = {}): Event {
  made += 1;
  return {
    id: `sample-${made}`,
    message: 'card declined',
    level: 'INFO',
    severity: 0,
    timestamp: BASE_MS,
    receivedAt: BASE_MS,
    origin: 'host-1',
    source: 'auth',
    type: 'log',
    group: 'default',
    tags: [],
    data: {},
    ...fields,
  };
}

/**
 * Times a few microseconds after 2^40 and 2^41 milliseconds (November 2004 and September 2039). As milliseconds they are
 * doubles slightly below the exact value, so a conversion that truncates loses a microsecond.
 */
export const INEXACT_TIMES: readonly number[] = [2 ** 40, 2 ** 41].flatMap((power) =>
  [1, 2, 3, 5, 457].map((micros) => fromMicros(power * 1000 + micros)),
);

/** Creates events, each one millisecond after the previous one. */
export function sampleEvents(count: number, fields: Partial<Event> = {}): Event[] {
  return Array.from({ length: count }, (_, index) => sampleEvent({ timestamp: BASE_MS + index, ...fields }));
}

const OWN_KEYS =
  '{"__proto__":{"a":1},"constructor":"c","a.b":"literal","a":{"b":"nested"},"":"empty","odd \\"key\\"":1}';

/** Events whose fields are easily lost or changed in a database. */
export function hardEvents(): Event[] {
  return [
    sampleEvent({
      message: `"quoted" 'single' \`back\` \\ / % _ * ; -- \0 \x01 \x7f \u2028 \r\n\t end `,
      origin: '😀 支付 İ ı ß ſ \u212a',
      source: "o'brien\\",
      type: '%',
      group: '_',
      tags: ['b', 'a', 'B', '😀', 'with, comma', ' spaced ', "o'brien", '"'],
    }),
    sampleEvent({ message: '', origin: '', source: '', type: '', group: '', tags: [], data: {} }),
    sampleEvent({ message: 'é e\u0301 \ufeff \ufffd \u{10ffff}' }),
    ...[MAX_TIME_MS, -MAX_TIME_MS, 0, fromMicros(1), fromMicros(-1), fromMicros(1_700_000_000_123_457)].map(
      (time) => sampleEvent({ timestamp: time, receivedAt: time }),
    ),
    ...INEXACT_TIMES.map((time) => sampleEvent({ timestamp: time, receivedAt: time })),
    ...[MAX_SEVERITY, MIN_SEVERITY, -1].map((severity) => sampleEvent({ severity })),
    ...LEVELS.map((level) => sampleEvent({ level })),
    sampleEvent({ data: JSON.parse(OWN_KEYS) as JsonObject }),
    sampleEvent({
      data: {
        absentIsNotNull: null,
        emptyText: '',
        emptyList: [],
        emptyObject: {},
        no: false,
        zero: 0,
        fraction: 0.1,
        large: Number.MAX_SAFE_INTEGER,
        beyond: '9007199254740993',
        huge: 1.7976931348623157e308,
        tiny: 5e-324,
        list: [1, '1', true, null, [2, [3]], { deep: ['x'] }],
        text: '😀 "quoted" \\ \0 \u2028',
      },
    }),
    sampleEvent({ data: nested(32) }),
    sampleEvent({ message: 'x'.repeat(64 * 1024) }),
    sampleEvent({ message: '支'.repeat(Math.floor((64 * 1024) / 3)) }),
    sampleEvent({ data: { text: 'y'.repeat(250 * 1024) } }),
    sampleEvent({ tags: Array.from({ length: 64 }, (_, index) => `tag-${index}`) }),
    sampleEvent({ id: '!'.padEnd(128, '~') }),
  ];
}

/** Creates nested objects of a given depth. */
function nested(depth: number): JsonObject {
  return depth === 1 ? { end: true } : { down: nested(depth - 1) };
}

/** Ids that differ in bytes, but are equal in many collations. */
export const NEAR_IDS: readonly string[] = [
  ...['a', 'A', '1', '01', '1.0', '1e0', '+1', 'a%', 'a_', '%', '_', '\\', "'", '"', 'null', 'true', '-'],
  '0190163d-8694-739b-aea5-966c26f8ad91',
  '0190163D-8694-739B-AEA5-966C26F8AD91',
  '0190163d8694739baea5966c26f8ad91',
  '{0190163d-8694-739b-aea5-966c26f8ad91}',
  '00000000-0000-0000-0000-000000000000',
  '9007199254740993',
  '9007199254740992',
  'x'.repeat(127),
  'x'.repeat(128),
];
