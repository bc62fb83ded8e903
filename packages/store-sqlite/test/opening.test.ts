import { createVigilant } from '@vigilant/core';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { createSqliteBroker, createSqliteStore } from '../src/index';
import { createFolder } from './support/folder';

describe('sqlite()', () => {
  it('accepts events while the store cannot be opened, and stores them once it is open', async () => {
    const folder = createFolder();
    onTestFinished(() => folder.remove());
    const events = join(folder.path, 'events');
    writeFileSync(events, 'This file stands where the folder should be.');
    const vigilant = createVigilant({
      broker: createSqliteBroker(join(folder.path, 'journal.db')),
      store: createSqliteStore(join(events, 'events.db')),
      batch: { intervalMs: 10 },
    });
    await expect(vigilant.open()).rejects.toMatchObject({ code: 'VIGILANT_STORE_UNAVAILABLE' });
    const { id } = await vigilant.log({ message: 'early' });
    await expect(vigilant.get(id)).rejects.toMatchObject({ code: 'VIGILANT_STORE_UNAVAILABLE' });
    expect(await vigilant.status()).toMatchObject({ state: 'degraded', broker: { pendingEvents: 1 } });
    rmSync(events);
    mkdirSync(events);
    const isStored = async (): Promise<void> => expect((await vigilant.status()).scheduler.stored).toBe(1);
    await vi.waitFor(isStored, 20_000);
    expect(await vigilant.get(id)).toMatchObject({ message: 'early' });
    expect(await vigilant.close()).toEqual({ stored: 1, left: 0, lost: 0, rejected: 0 });
  });
});
