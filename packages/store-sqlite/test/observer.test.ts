import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { Observer } from '../src/journal/observer';
import { acknowledge, addOwner, createTestJournal, publish } from './support/journal';

/** Longer than acknowledged batches stay. */
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
  it('reports no hole after batches of its own process were removed while it was idle', () => {
    const { own, other, ownId, otherId, observer } = openJournal();
    observer.look(own, true);
    publish(own, ownId, 1);
    acknowledge(own, ownId, 1);
    observer.look(own, true);
    vi.setSystemTime(Date.now() + LATER_MS);
    observer.clear(own);
    observer.look(own, true);
    publish(other, otherId, 1);
    const { published, isHole } = observer.look(own, true);
    expect(published).toHaveLength(1);
    expect(isHole).toBe(false);
  });

  it('reports a hole after batches of another process were removed before they were read', () => {
    const { own, other, otherId, observer } = openJournal();
    observer.look(own, true);
    publish(other, otherId, 1);
    acknowledge(other, otherId, 1);
    vi.setSystemTime(Date.now() + LATER_MS);
    observer.clear(own);
    expect(observer.look(own, true).isHole).toBe(true);
    expect(observer.look(own, true).isHole).toBe(false);
  });

  it('shows a batch of another process that came together with its own', () => {
    const { own, other, ownId, otherId, observer } = openJournal();
    observer.look(own, true);
    publish(own, ownId, 1);
    publish(other, otherId, 1);
    publish(own, ownId, 2);
    expect(observer.look(own, true).published).toHaveLength(1);
    expect(observer.look(own, true).published).toHaveLength(0);
  });

  it('shows what a failed call did not return', () => {
    const { own, other, otherId, observer } = openJournal();
    observer.look(own, true);
    publish(other, otherId, 1);
    const broken = {
      ...own,
      prepare(sql: string) {
        if (sql.includes('body')) throw new Error('The disk fails.');
        return own.prepare(sql);
      },
    };
    expect(() => observer.look(broken, true)).toThrow('The disk fails.');
    expect(observer.look(own, true).published).toHaveLength(1);
  });

  it('continues where it was when its connection is replaced', () => {
    const { own, other, otherId, observer } = openJournal();
    observer.look(own, true);
    publish(other, otherId, 1);
    observer.reconnected();
    expect(observer.look(own, true).published).toHaveLength(1);
  });

  it('counts batches that were taken over as pending, without raising a barrier for them', () => {
    const { own, other, otherId, observer } = openJournal();
    publish(other, otherId, 1);
    expect(observer.raise(own, [], [otherId]).isPending).toBe(true);
    expect(own.prepare('SELECT count(*) FROM barrier').get()).toEqual([0]);
    acknowledge(other, otherId, 1);
    expect(observer.raise(own, [], [otherId]).isPending).toBe(false);
  });
});
