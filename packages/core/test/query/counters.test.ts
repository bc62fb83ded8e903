import { describe, expect, it } from 'vitest';
import { createBucketCounter, createFieldCounter } from '../../src/query/counters';

/** Maximum number of counters in memory. */
const MAX_COUNTERS = 100_000;
const SOURCE = { name: 'source' } as const;

describe('createFieldCounter', () => {
  it('adds counts and sorts by count, then by text', () => {
    const counter = createFieldCounter(SOURCE);
    counter.add('b', 2);
    counter.add('c', 1);
    counter.add('a', 3);
    counter.add('c', 2);
    expect(counter.facet(2, true)).toStrictEqual({
      field: SOURCE,
      values: [
        { value: 'a', count: 3 },
        { value: 'c', count: 3 },
      ],
      exact: true,
      distinct: 3,
    });
    expect(counter.facet(0, false)).toStrictEqual({ field: SOURCE, values: [], exact: false });
  });

  it('is not exact once a value has no counter', () => {
    const counter = createFieldCounter(SOURCE);
    for (let index = 0; index < MAX_COUNTERS; index++) counter.add(String(index), 1);
    counter.add('1', 1);
    expect(counter.facet(1, true)).toMatchObject({ exact: true, distinct: MAX_COUNTERS });
    counter.add('one more', 5);
    expect(counter.facet(1, true)).toStrictEqual({
      field: SOURCE,
      values: [{ value: '1', count: 2 }],
      exact: false,
    });
  });
});

describe('createBucketCounter', () => {
  it('keeps the most frequent values of all buckets and sums the others', () => {
    const counter = createBucketCounter();
    counter.bucket(200).add('rare', 3);
    counter.bucket(100).add('frequent', 2);
    counter.bucket(200).add('frequent', 2);
    counter.bucket(300);
    expect(counter.buckets(1)).toStrictEqual([
      { start: 100, counts: { frequent: 2 } },
      { start: 200, counts: { frequent: 2 }, other: 3 },
      { start: 300, counts: {} },
    ]);
  });

  it('sums the counts of values without a counter', () => {
    const counter = createBucketCounter();
    for (let index = 0; index < MAX_COUNTERS; index++) counter.bucket(0).add(String(index), 2);
    expect(counter.isFull).toBe(false);
    counter.bucket(1).add('1', 7);
    expect(counter.isFull).toBe(true);
    expect(counter.buckets(MAX_COUNTERS)[1]).toStrictEqual({ start: 1, counts: {}, other: 7 });
  });
});
