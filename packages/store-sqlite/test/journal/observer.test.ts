import type { Event } from '@vigilant/core';
import { encodeAll } from '@vigilant/core/adapter';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import type { SqliteConnection } from '../../src/sqlite/driver';
import { Observer, isPendingThrough } from '../../src/journal/observer';
import { commit } from '../../src/journal/commit';
import { packBatches } from '../../src/broker/pack-batches';
import { FIXTURE_EVENTS } from '../fixtures/events';
import { acknowledge, addOwner, createTestJournal, publish } from '../support/journal';

/** Longer than acknowledged batches are kept. */
const LATER_MS = 4_000;

function stopClock(): void {
  vi.useFakeTimers({ toFake: ['Date'] });
  onTestFinished(() => void vi.useRealTimers());
}

function openJournal() {
  stopClock();
  const journal = createTestJournal();
  const [own, other] = [journal.connect(), journal.connect()];
  const [ownId, otherId] = [addOwner(own, 'own'), addOwner(own, 'other')];
  const observer = new Observer(own, ownId);
  return { own, other, ownId, otherId, observer };
}

describe('Observer', () => {
  it('reports no gap after batches of its own process were removed while it was idle', () => {
    const { own, other, ownId, otherId, observer } = openJournal();
    observer.poll(own, true);
    publish(own, ownId, 1);
    acknowledge(own, ownId, 1);
    observer.poll(own, true);
    vi.setSystemTime(Date.now() + LATER_MS);
    observer.clear(own);
    observer.poll(own, true);
    publish(other, otherId, 1);
    const { published, hasGap } = observer.poll(own, true);
    expect(published).toHaveLength(1);
    expect(hasGap).toBe(false);
  });

  it('reports a gap after batches of another process were removed before they were read', () => {
    const { own, other, otherId, observer } = openJournal();
    observer.poll(own, true);
    publish(other, otherId, 1);
    acknowledge(other, otherId, 1);
    vi.setSystemTime(Date.now() + LATER_MS);
    observer.clear(own);
    expect(observer.poll(own, true).hasGap).toBe(true);
    expect(observer.poll(own, true).hasGap).toBe(false);
  });

  it('returns a batch of another process that was published between its own', () => {
    const { own, other, ownId, otherId, observer } = openJournal();
    observer.poll(own, true);
    publish(own, ownId, 1);
    publish(other, otherId, 1);
    publish(own, ownId, 2);
    expect(observer.poll(own, true).published).toHaveLength(1);
    expect(observer.poll(own, true).published).toHaveLength(0);
  });

  it('returns what a failed call did not return', () => {
    const { own, other, otherId, observer } = openJournal();
    observer.poll(own, true);
    publish(other, otherId, 1);
    const broken = {
      ...own,
      prepare(sql: string) {
        if (sql.includes('body')) throw new Error('The disk fails.');
        return own.prepare(sql);
      },
    };
    expect(() => observer.poll(broken, true)).toThrow('The disk fails.');
    expect(observer.poll(own, true).published).toHaveLength(1);
  });

  it('continues at its position when its connection is replaced', () => {
    const { own, other, otherId, observer } = openJournal();
    observer.poll(own, true);
    publish(other, otherId, 1);
    observer.reconnected();
    expect(observer.poll(own, true).published).toHaveLength(1);
  });

  it('counts batches that were taken over as pending, without raising a barrier for them', () => {
    const { own, other, otherId, observer } = openJournal();
    publish(other, otherId, 1);
    expect(observer.raise(own, [], [otherId]).isPending).toBe(true);
    expect(own.prepare('SELECT count(*) FROM barrier').get()).toEqual([0]);
    acknowledge(other, otherId, 1);
    expect(observer.raise(own, [], [otherId]).isPending).toBe(false);
  });

  it('returns nothing that was published before it was created, and nothing twice', () => {
    const { own, other, ownId, otherId } = openJournal();
    publish(other, otherId, 1);
    const observer = new Observer(own, ownId);
    expect(observer.poll(own, true)).toEqual({ published: [], hasGap: false, isBarrier: false });
    publish(other, otherId, 2);
    expect(observer.poll(own, true).published).toHaveLength(1);
    expect(observer.poll(own, true).published).toHaveLength(0);
  });

  it('skips events that are published while there is no watch', () => {
    const { own, other, otherId, observer } = openJournal();
    publish(other, otherId, 1);
    expect(observer.poll(own, false)).toEqual({ published: [], hasGap: false, isBarrier: false });
    expect(observer.poll(own, true).published).toEqual([]);
  });

  it('reports no gap for events that were published without a watch', () => {
    const { own, other, otherId, observer } = openJournal();
    publish(other, otherId, 1);
    acknowledge(other, otherId, 1);
    vi.setSystemTime(Date.now() + LATER_MS);
    observer.clear(own);
    expect(observer.poll(own, false).hasGap).toBe(false);
    publish(other, otherId, 2);
    expect(observer.poll(own, true).hasGap).toBe(false);
  });

  it('returns at most 2,000 batches at once, and the rest in the next poll', () => {
    const { own, other, otherId, observer } = openJournal();
    publishMany(other, otherId, 2_001);
    expect(observer.poll(own, true).published).toHaveLength(2_000);
    expect(observer.poll(own, true).published).toHaveLength(1);
    expect(observer.poll(own, true).published).toHaveLength(0);
  });

  it('continues after exactly 2,000 batches', () => {
    const { own, other, otherId, observer } = openJournal();
    publishMany(other, otherId, 2_000);
    expect(observer.poll(own, true).published).toHaveLength(2_000);
    expect(observer.poll(own, true).published).toHaveLength(0);
    publish(other, otherId, 2_001);
    expect(observer.poll(own, true).published).toHaveLength(1);
  });

  it('returns at most 4 MiB at once, but at least one batch', () => {
    const { own, other, otherId, observer } = openJournal();
    publishMany(other, otherId, 4);
    other.exec(`UPDATE batch SET bytes = ${2 * 1024 * 1024}`);
    expect(observer.poll(own, true).published).toHaveLength(2);
    expect(observer.poll(own, true).published).toHaveLength(2);
    publish(other, otherId, 5);
    other.exec(`UPDATE batch SET bytes = ${5 * 1024 * 1024}`);
    expect(observer.poll(own, true).published).toHaveLength(1);
  });

  it('does not return a damaged batch', () => {
    const { own, other, otherId, observer } = openJournal();
    publish(other, otherId, 1);
    publish(other, otherId, 2);
    other.exec('UPDATE batch SET checksum = checksum + 1 WHERE number = 1');
    expect(observer.poll(own, true).published).toHaveLength(1);
  });

  it('reports the barrier of another process once, and never its own', () => {
    const { own, other, ownId, otherId, observer } = openJournal();
    const otherObserver = new Observer(other, otherId);
    publish(own, ownId, 1);
    publish(other, otherId, 1);
    expect(observer.raise(own, [otherId], [otherId])).toEqual({ through: 2, isPending: true });
    expect(observer.poll(own, true).isBarrier).toBe(false);
    expect(otherObserver.poll(other, false).isBarrier).toBe(true);
    expect(otherObserver.poll(other, false).isBarrier).toBe(false);
    otherObserver.raise(other, [ownId], [ownId]);
    expect(observer.poll(own, false).isBarrier).toBe(true);
  });

  it('still reports a barrier that another process raised just before its own', () => {
    const { own, other, ownId, otherId, observer } = openJournal();
    const otherObserver = new Observer(other, otherId);
    publish(own, ownId, 1);
    publish(other, otherId, 1);
    otherObserver.raise(other, [ownId], [ownId]);
    observer.raise(own, [otherId], [otherId]);
    expect(observer.poll(own, false).isBarrier).toBe(true);
  });

  it('removes barriers that are older than a minute when it raises one', () => {
    const { own, otherId, other, observer } = openJournal();
    publish(other, otherId, 1);
    const barriers = () => own.prepare('SELECT id, through, raised_at FROM barrier').all();
    observer.raise(own, [otherId], [otherId]);
    const raisedAt = Date.now();
    vi.setSystemTime(raisedAt + 60_000);
    observer.raise(own, [otherId], [otherId]);
    expect(barriers()).toEqual([
      [1, 1, raisedAt],
      [2, 1, raisedAt + 60_000],
    ]);
    vi.setSystemTime(raisedAt + 60_001);
    observer.raise(own, [otherId], [otherId]);
    expect(barriers().map(([id]) => id)).toEqual([2, 3]);
  });

  it('removes batches three seconds after they were acknowledged', () => {
    const { own, other, otherId, observer } = openJournal();
    for (const number of [1, 2, 3]) publish(other, otherId, number);
    acknowledge(other, otherId, 1);
    const acknowledgedAt = Date.now();
    vi.setSystemTime(acknowledgedAt + 1);
    acknowledge(other, otherId, 2);
    const numbers = () => own.prepare('SELECT number FROM batch').all();
    const removedThrough = () => own.prepare('SELECT removed_through FROM journal').get();
    vi.setSystemTime(acknowledgedAt + 3_000);
    observer.clear(own);
    expect(numbers()).toEqual([[1], [2], [3]]);
    expect(removedThrough()).toEqual([0]);
    vi.setSystemTime(acknowledgedAt + 3_001);
    observer.clear(own);
    expect(numbers()).toEqual([[2], [3]]);
    expect(removedThrough()).toEqual([1]);
    vi.setSystemTime(acknowledgedAt + 3_002);
    observer.clear(own);
    expect(removedThrough()).toEqual([2]);
  });
});

/** Writes batches of one event in one transaction. */
function publishMany(connection: SqliteConnection, owner: number, count: number): void {
  const [event] = FIXTURE_EVENTS as readonly [Event];
  const events = encodeAll([event]);
  const batches = Array.from({ length: count }, (_, index) => ({ number: index + 1, events }));
  const context = { owner, capacityBytes: 1e9, hasPeers: () => true };
  commit(connection, { ...packBatches(batches), acks: [], sentAs: [] }, context);
}

describe('isPendingThrough', () => {
  it('compares the first unacknowledged batch of each owner with the sequence', () => {
    const { own, other, ownId, otherId } = openJournal();
    publish(own, ownId, 1);
    publish(other, otherId, 1);
    expect(isPendingThrough(own, [otherId], 1)).toBe(false);
    expect(isPendingThrough(own, [otherId], 2)).toBe(true);
    expect(isPendingThrough(own, [99, ownId], 1)).toBe(true);
    expect(isPendingThrough(own, [], 9)).toBe(false);
    acknowledge(own, ownId, 1);
    expect(isPendingThrough(own, [ownId], 9)).toBe(false);
  });
});
