import { describe, expect, it } from 'vitest';
import type { DocumentStore } from '../../src/contracts/documents';
import { createMemoryDocuments } from '../../src/memory/memory-documents';
import type { Lease } from '../../src/retention/lease';
import { createLease } from '../../src/retention/lease';
import { createManualClock } from '../../src/util/clock';
import { unavailable } from '../support';

const DURATION_MS = 180_000;

function setUp(documents: DocumentStore = createMemoryDocuments()) {
  const clock = createManualClock();
  const create = (changes: Partial<DocumentStore> = {}): Lease =>
    createLease({ documents: { ...documents, ...changes }, clock, key: 'task', durationMs: DURATION_MS });
  return { clock, create, documents };
}

describe('Lease', () => {
  it('is held by one process at a time, until that process releases it', async () => {
    const { create } = setUp();
    const [one, other] = [create(), create()];
    expect([await one.hold(), await other.hold(), await one.hold()]).toEqual([true, false, true]);
    await one.release();
    expect([await other.hold(), await one.hold()]).toEqual([true, false]);
  });

  it('is taken over once it has not been renewed for its duration', async () => {
    const { clock, create } = setUp();
    const [one, other] = [create(), create()];
    await one.hold();
    expect(await other.hold()).toBe(false);
    await clock.advance(DURATION_MS - 1);
    expect(await other.hold()).toBe(false);
    await clock.advance(1);
    expect([await other.hold(), await one.hold()]).toEqual([true, false]);
  });

  it('is not taken over while it is renewed', async () => {
    const { clock, create } = setUp();
    const [one, other] = [create(), create()];
    await one.hold();
    for (let third = 0; third < 9; third += 1) {
      expect(await other.hold()).toBe(false);
      await clock.advance(DURATION_MS / 3);
      expect(await one.hold()).toBe(true);
    }
  });

  it('does not depend on the wall clock', async () => {
    const { clock, create } = setUp();
    const [one, other] = [create(), create()];
    await one.hold();
    await other.hold();
    clock.setNow(clock.now() + 10 * DURATION_MS);
    expect(await other.hold()).toBe(false);
  });

  it('is held after a write that succeeded although it was rejected', async () => {
    const { create, documents } = setUp();
    let isFailing = true;
    const one = create({
      async put(...write) {
        const revision = await documents.put(...write);
        if (isFailing) throw unavailable();
        return revision;
      },
    });
    await expect(one.hold()).rejects.toThrow('the store is away');
    isFailing = false;
    expect([await create().hold(), await one.hold()]).toEqual([false, true]);
  });

  it('releases nothing that another process holds', async () => {
    const { clock, create } = setUp();
    const [one, other] = [create(), create()];
    await one.hold();
    await other.hold();
    await clock.advance(DURATION_MS);
    await other.hold();
    await one.release();
    expect([await one.hold(), await other.hold()]).toEqual([false, true]);
  });
});
