import type { Filter } from '@vigilant/core';
import { MATCH_ALL } from '@vigilant/core';
import { describe, expect, it } from 'vitest';
import type { SqliteConnection } from '../../src/sqlite/driver';
import { scan } from '../../src/store/scan';
import type { PackedPage, ScanRequest } from '../../src/store/store-protocol';
import { sampleEvents } from '../support/sample-events';
import { countTurns, openStoreDatabase } from '../support/store';

const NOWHERE: Filter = { kind: 'contains', text: 'nowhere' };
const FIRST_WINDOW = 512;

async function scanAll(
  connection: SqliteConnection,
  request: Partial<ScanRequest>,
  isCancelled = () => false,
): Promise<PackedPage> {
  const all = { filter: MATCH_ALL, order: 'arrival', limit: 10, maxBytes: 1e6, ...request } as const;
  return (await scan(connection, all, { isCancelled })).value as PackedPage;
}

describe('scan', () => {
  it('stops after a window at the deadline, and says that the page is incomplete', async () => {
    const connection = openStoreDatabase(sampleEvents(2_000));
    const page = await scanAll(connection, { filter: NOWHERE, deadlineMs: 0 });
    expect(page).toMatchObject({ complete: false, next: { sequence: FIRST_WINDOW }, sequences: [] });
    expect(page.statistics.scanned).toBe(FIRST_WINDOW);
  });

  it('stops after a window when it is cancelled, and says that the page is incomplete', async () => {
    const connection = openStoreDatabase(sampleEvents(2_000));
    const page = await scanAll(connection, { filter: NOWHERE }, () => true);
    expect(page).toMatchObject({ complete: false, next: { sequence: FIRST_WINDOW } });
  });

  it('is complete at the deadline if the page is full', async () => {
    const connection = openStoreDatabase(sampleEvents(2_000));
    const page = await scanAll(connection, { deadlineMs: 0 });
    expect(page).toMatchObject({ complete: true, next: { sequence: 10 } });
  });

  it('continues an incomplete page without a gap', async () => {
    const connection = openStoreDatabase(sampleEvents(2_000));
    const { next } = await scanAll(connection, { filter: NOWHERE, deadlineMs: 0 });
    const page = await scanAll(connection, next === undefined ? {} : { after: next });
    expect(page.sequences[0]).toBe(FIRST_WINDOW + 1);
  });

  it.each(['oldest', 'newest'] as const)(
    'returns each event once in pages of one, also at the ends of a time range (%s)',
    async (order) => {
      const connection = openStoreDatabase(sampleEvents(4, { timestamp: 1_000 }));
      const filter: Filter = {
        kind: 'and',
        filters: [
          { kind: 'ordered', field: 'timestamp', operator: '>=', value: 1_000_000 },
          { kind: 'ordered', field: 'timestamp', operator: '<', value: 1_000_001 },
        ],
      };
      const found: number[] = [];
      let page = await scanAll(connection, { filter, order, limit: 1 });
      while (page.next !== undefined && found.length < 10) {
        found.push(...page.sequences);
        page = await scanAll(connection, { filter, order, limit: 1, after: page.next });
      }
      expect(found).toEqual(order === 'oldest' ? [1, 2, 3, 4] : [4, 3, 2, 1]);
    },
  );

  it('runs other calls of the thread between windows', async () => {
    const connection = openStoreDatabase(sampleEvents(5_000));
    // Windows of 512, 1,024, 2,048 and the rest.
    expect(await countTurns(() => scanAll(connection, { filter: NOWHERE }))).toBeGreaterThanOrEqual(3);
  });
});
