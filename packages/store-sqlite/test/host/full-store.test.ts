import { join } from 'node:path';
import { createTestContext } from '@vigilant/conformance';
import { describe, expect, it, onTestFinished } from 'vitest';
import { createSqliteStore } from '../../src/index';
import { fillDisk, mountDisk } from '../support/disk';
import { sampleEvents } from '../support/sample-events';

describe('SqliteStore on a full disk', () => {
  it('is degraded with the reason until an append succeeds', async (context) => {
    const disk = mountDisk(64);
    if (disk === undefined) return context.skip();
    const store = createSqliteStore(join(disk, 'events.db'));
    await store.open(createTestContext());
    onTestFinished(() => store.close());
    const events = sampleEvents(100, { data: { text: 'x'.repeat(50_000) } });
    const empty = fillDisk(disk);
    await expect(store.append(events)).rejects.toMatchObject({
      code: 'VIGILANT_STORE_FULL',
      retryable: true,
    });
    expect(await store.status()).toMatchObject({
      state: 'degraded',
      reason: expect.stringMatching(/disk of .*events\.db is full/) as string,
    });
    empty();
    expect(await store.append(events)).toMatchObject({ inserted: 100 });
    expect((await store.status()).state).toBe('ready');
  });
});
