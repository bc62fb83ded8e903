import { createManualClock } from '@vigilant/core';
import { describe, expect, it } from 'vitest';
import type { PartitionRange } from '../../src/contracts/kafka-client';
import { createOpenTransactions } from '../../src/offsets/open-transactions';

const range = (partition: number, stableEnd: number, end: number): PartitionRange => ({
  partition,
  low: 0,
  end,
  stableEnd,
});

describe('createOpenTransactions', () => {
  it('reports a transaction after 5 s, with the number of waiting records', async () => {
    const clock = createManualClock();
    const transactions = createOpenTransactions(clock);
    transactions.read([range(0, 10, 12)]);
    await clock.advance(4_999);
    transactions.read([range(0, 10, 60)]);
    expect(transactions.longest()).toBeUndefined();
    await clock.advance(1);
    expect(transactions.longest()).toEqual({ partition: 0, openMs: 5_000, waiting: 50 });
  });

  it('reports the transaction that has been open longest', async () => {
    const clock = createManualClock();
    const transactions = createOpenTransactions(clock);
    transactions.read([range(1, 5, 6)]);
    await clock.advance(1_000);
    transactions.read([range(0, 10, 12), range(1, 5, 6), range(2, 7, 8)]);
    await clock.advance(5_000);
    expect(transactions.longest()).toEqual({ partition: 1, openMs: 6_000, waiting: 1 });
  });

  it('starts again when the next transaction begins', async () => {
    const clock = createManualClock();
    const transactions = createOpenTransactions(clock);
    transactions.read([range(0, 10, 12)]);
    await clock.advance(4_000);
    transactions.read([range(0, 11, 12)]);
    await clock.advance(4_000);
    expect(transactions.longest()).toBeUndefined();
  });

  it('forgets a transaction that has ended', async () => {
    const clock = createManualClock();
    const transactions = createOpenTransactions(clock);
    transactions.read([range(0, 10, 12)]);
    await clock.advance(6_000);
    transactions.read([range(0, 12, 12)]);
    expect(transactions.longest()).toBeUndefined();
  });

  it('forgets the transactions of partitions that no longer exist', async () => {
    const clock = createManualClock();
    const transactions = createOpenTransactions(clock);
    transactions.read([range(0, 10, 10), range(1, 10, 12)]);
    await clock.advance(6_000);
    transactions.read([range(0, 10, 10)]);
    expect(transactions.longest()).toBeUndefined();
  });
});
