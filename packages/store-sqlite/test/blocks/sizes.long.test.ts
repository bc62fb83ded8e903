import type { Event } from '@vigilant/core';
import { describe, expect, it } from 'vitest';
import { BLOCK_LIMITS } from '../../src/blocks/block-limits';
import { createBlockStore } from '../support/block-store';
import { sampleEvents } from '../support/sample-events';

/** Events with as many values of a kind as an event may have. */
const CASES: readonly (readonly [name: string, count: number, fields: (index: number) => Partial<Event>])[] =
  [
    ['numbers in messages', 1_100, (index) => ({ message: `${index} `.repeat(2_000) })],
    ['single digits in messages', 1_030, () => ({ message: '1 '.repeat(32_000) })],
    ['items of arrays', 1_100, (index) => ({ data: { list: Array.from({ length: 1_000 }, () => index) } })],
    ['keys of data', 1_030, (index) => ({ data: keys(300, index) })],
    ['tags', 5_000, (index) => ({ tags: Array.from({ length: 64 }, (_, n) => `t${n}-${index}`) })],
  ];

function keys(count: number, prefix: number): Record<string, number> {
  return Object.fromEntries(Array.from({ length: count }, (_, n) => [`k${prefix}-${n}`, n]));
}

describe('blocks of events with many values', () => {
  it.each(CASES)('contain %s', async (_, count, fields) => {
    const store = createBlockStore(BLOCK_LIMITS);
    const events = sampleEvents(count).map((event, index) => ({ ...event, ...fields(index) }));
    store.append(events);
    expect(store.count('event')).toBe(0);
    const stored = await store.readAll({ limit: 10_000 });
    expect(store.damage).toBeUndefined();
    expect(
      stored.every((event, index) => JSON.stringify(event.data) === JSON.stringify(events[index]?.data)),
    ).toBe(true);
    expect(stored.map(({ message, tags }) => [message, tags])).toEqual(
      events.map(({ message, tags }) => [message, tags]),
    );
  });
});
