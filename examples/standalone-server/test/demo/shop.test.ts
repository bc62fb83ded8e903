import { createVigilant } from '@vigilant/core';
import { describe, expect, it } from 'vitest';
import { MINUTE_MS, eventsOfMinute } from '../../src/demo/shop';

const MINUTE = 29_700_000;
const QUARTER = Array.from({ length: 15 }, (_, index) => eventsOfMinute(MINUTE + index));

describe('eventsOfMinute', () => {
  it('returns the same events for the same minute', () => {
    expect(eventsOfMinute(MINUTE)).toEqual(eventsOfMinute(MINUTE));
  });

  it('returns events with different ids', () => {
    const ids = QUARTER.flat().map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
  });

  it('sorts the events by timestamp, from the start of the minute', () => {
    const times = eventsOfMinute(MINUTE).map(({ timestamp }) => Number(timestamp));
    expect(times).toEqual(times.toSorted((one, other) => one - other));
    expect(times[0]).toBeGreaterThanOrEqual(MINUTE * MINUTE_MS);
  });

  it('has declined payments, and charges that fail only while the provider is slow', () => {
    const minutesWith = (text: string): readonly number[] =>
      QUARTER.flatMap((events, index) =>
        events.some(({ message }) => message.includes(text)) ? [index] : [],
      );
    expect(minutesWith('declined').length).toBeGreaterThan(3);
    expect(Math.min(...minutesWith('timed out'))).toBeGreaterThanOrEqual(11);
  });

  it('returns events that the engine accepts', async () => {
    const vigilant = createVigilant();
    const { accepted, results } = await vigilant.logBatch(QUARTER.flat());
    await vigilant.close();
    expect(accepted).toBe(results.length);
  });
});
