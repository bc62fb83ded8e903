import { LEVEL_RANKS, encodedSize } from '@vigilant/core/adapter';
import type { Event } from '@vigilant/core';
import { describe, expect, it } from 'vitest';
import { createMeasuredPage, maxEncodedBytes } from '../../src/read/measured-page';
import { readRow, toRowText } from '../../src/sql/event-row';
import { makeEvent } from '../support/events';

/** Returns an event as a row of the table. */
function toRow(event: Event) {
  const { id, level, timestamp, receivedAt, severity, message, origin, source, type, group, tags, data } =
    event;
  const { idHex } = toRowText(event);
  const times = [timestamp * 1000, receivedAt * 1000].map(String);
  const idBytes = Buffer.from(idHex, 'hex');
  const texts = [message, origin, source, type, group, JSON.stringify(tags), JSON.stringify(data)];
  const row = ['1', idBytes, ...times, LEVEL_RANKS[level], severity, ...texts];
  expect(readRow(row).id).toBe(id);
  return readRow(row);
}

const ESCAPED = '\u0001'.repeat(255);
const WORST = makeEvent({
  id: '\u0001'.repeat(128),
  message: '\u0001'.repeat(16_384),
  level: 'ERROR',
  severity: -2_147_483_648,
  timestamp: -8_640_000_000_000,
  receivedAt: -8_640_000_000_000,
  origin: ESCAPED,
  source: ESCAPED,
  type: ESCAPED,
  group: ESCAPED,
  tags: [ESCAPED, 'é'],
});

describe('maxEncodedBytes', () => {
  it.each([
    ['a plain event', makeEvent()],
    ['an event with empty texts', makeEvent({ message: '', origin: '', source: '', type: '', group: '' })],
    ['an event whose texts are all escaped', WORST],
    ['an event whose texts but the message are escaped', { ...WORST, message: '' }],
    ['an event with a long id', makeEvent({ id: '\u0001'.repeat(128), message: '' })],
    ['an event with many tags', makeEvent({ tags: Array.from({ length: 64 }, (_, n) => `t${n}`) })],
    ['an event with escaped data', makeEvent({ data: { '\u0001': '\u0001'.repeat(1_000), é: '😀' } })],
  ])('is at least the encoded size of %s', (_, event) => {
    const { head, dataJson } = toRow(event);
    expect(maxEncodedBytes(head, dataJson)).toBeGreaterThanOrEqual(encodedSize(event));
  });
});

describe('MeasuredPage', () => {
  const row = toRow(makeEvent({ data: { text: 'x'.repeat(1_000) } }));
  const size = encodedSize(makeEvent({ data: { text: 'x'.repeat(1_000) } }));

  it.each([
    [1, 1],
    [10 * size, 10],
    [10 * size + 1, 11],
    [11 * size - 1, 11],
  ])('is full at exactly %i bytes of encoded events', (maxBytes, count) => {
    const page = createMeasuredPage(1_000, maxBytes);
    while (!page.isFull) page.add(row);
    expect(page.events).toHaveLength(count);
  });

  it('encodes no event while its upper bound is below the maximum', () => {
    let reads = 0;
    const counting = new Proxy(row, {
      get(target, name) {
        if (name === 'head') reads += 1;
        return Reflect.get(target, name, target) as unknown;
      },
    });
    const page = createMeasuredPage(1_000, 8 * 1024 * 1024);
    for (let count = 0; count < 100; count += 1) page.add(counting);
    // Each event is decoded, which reads its fields once.
    expect(reads).toBe(100);
  });

  it('is full at its limit', () => {
    const page = createMeasuredPage(2, 1_000_000);
    page.add(row);
    expect(page.isFull).toBe(false);
    page.add(row);
    expect(page.isFull).toBe(true);
  });
});
