import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import type { Event } from '@vigilant/core';
import { describe, expect, it } from 'vitest';
import { fillDisk, mountDisk } from '../support/disk';
import { BlockStore, SMALL_BLOCKS } from '../support/block-store';
import { sampleEvents } from '../support/sample-events';

/** Events that do not compress. */
function largeEvents(count: number, prefix: string): Event[] {
  return sampleEvents(count).map((event) => ({
    ...event,
    id: `${prefix}-${event.id}`,
    message: randomBytes(20_000).toString('base64'),
  }));
}

describe('blocks on a full disk', () => {
  it('keeps the rows when they cannot be sealed, and seals them once there is space', async (context) => {
    const disk = mountDisk(16);
    if (disk === undefined) return context.skip();
    const store = new BlockStore(join(disk, 'events.db'), SMALL_BLOCKS);
    const events = largeEvents(64, 'row');
    store.appendRows(events);
    const free = fillDisk(disk);
    await expect(store.seal()).rejects.toThrow(/disk/);
    expect(store.count('event') + store.count('block')).toBeGreaterThan(0);
    expect(await store.ids()).toEqual(events.map(({ id }) => id));
    free();
    await store.seal();
    expect([store.count('event'), store.count('block')]).toEqual([0, 4]);
    expect(await store.ids()).toEqual(events.map(({ id }) => id));
    expect(store.append(events)).toMatchObject({ inserted: 0, duplicates: 64 });
  });

  it('stores nothing of a large batch that does not fit, and all of it once there is space', async (context) => {
    const disk = mountDisk(16);
    if (disk === undefined) return context.skip();
    const store = new BlockStore(join(disk, 'events.db'), SMALL_BLOCKS);
    const events = largeEvents(64, 'block');
    store.appendRows(events.slice(0, 4));
    const free = fillDisk(disk);
    expect(() => store.append(events.slice(4))).toThrow(/disk/);
    expect(await store.ids()).toEqual(events.slice(0, 4).map(({ id }) => id));
    free();
    expect(store.append(events)).toMatchObject({ inserted: 60, duplicates: 4 });
    expect(await store.ids()).toEqual(events.map(({ id }) => id));
  });
});
