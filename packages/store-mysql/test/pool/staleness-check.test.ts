import { createTestContext } from '@vigilant/conformance';
import { describe, expect, it, onTestFinished } from 'vitest';
import { describeWithService } from '../../../../scripts/services/in-tests.mjs';
import { isLost } from '../../src/connection/driver-errors';
import { createMysqlStore } from '../../src/index';
import type { StalenessCheck } from '../../src/pool/staleness-check';
import { createStalenessCheck } from '../../src/pool/staleness-check';
import type { MysqlSession } from '../../src/connection/mysql-session';
import type { StoreState } from '../../src/pool/store-state';
import { nameTables } from '../../src/sql/tables';
import { SERVICES, nameDatabase } from '../support/databases';
import { makeEvents, readAll } from '../support/events';

describe('StalenessCheck', () => {
  const NOTED = { epoch: 'a', lastSequence: 9, lastRevision: 3 };

  const read = async (staleness: StalenessCheck, state: StoreState) => {
    const destroyed: unknown[] = [];
    const session = { destroy: (reason: unknown) => destroyed.push(reason) } as unknown as MysqlSession;
    const result = await staleness
      .readChecked(session, () => Promise.resolve(state))
      .catch((error: unknown) => error);
    return { result, destroyed };
  };

  it.each([
    ['append', { lastSequence: 8 }, 'has events up to sequence 8, but this process has stored sequence 9'],
    [
      'document',
      { lastRevision: 2 },
      'has documents up to revision 2, but this process has stored revision 3',
    ],
  ])('ends a session whose server lacks the last %s', async (_, missing, message) => {
    const staleness = createStalenessCheck();
    staleness.note(NOTED);
    const { result, destroyed } = await read(staleness, { ...NOTED, ...missing });
    expect(destroyed).toEqual([result]);
    expect(isLost(result)).toBe(true);
    expect(String(result)).toContain(message);
  });

  it.each<[string, StoreState]>([
    ['that has the last write', NOTED],
    ['that has later writes', { ...NOTED, lastSequence: 10, lastRevision: 4 }],
    ['with other data', { epoch: 'b', lastSequence: 1, lastRevision: 0 }],
  ])('accepts a server %s', async (_, state) => {
    const staleness = createStalenessCheck();
    staleness.note(NOTED);
    expect(await read(staleness, state)).toEqual({ result: state, destroyed: [] });
  });

  it('checks a session again once its server was not seen to have the last append', async () => {
    const staleness = createStalenessCheck();
    let lastSequence = 5;
    let reads = 0;
    const session = {
      async rows() {
        reads += 1;
        return [['a', lastSequence, 0]];
      },
      destroy: () => {},
    } as unknown as MysqlSession;
    const check = (): Promise<void> => staleness.check(session, nameTables('vigilant_'));
    await check();
    expect(reads).toBe(0);
    staleness.note({ epoch: 'a', lastSequence: 5, lastRevision: 0 });
    await check();
    await check();
    expect(reads).toBe(1);
    staleness.note({ epoch: 'a', lastSequence: 6, lastRevision: 0 });
    await expect(check()).rejects.toThrow('up to sequence 5');
    lastSequence = 6;
    await check();
    expect(reads).toBe(3);
  });

  it('accepts a server that lacks an event stored during the read', async () => {
    const staleness = createStalenessCheck();
    const state = { epoch: 'a', lastSequence: 8, lastRevision: 3 };
    const result = await staleness.readChecked({} as MysqlSession, () => {
      staleness.note({ epoch: 'a', lastSequence: 9, lastRevision: 3 });
      return Promise.resolve(state);
    });
    expect(result).toBe(state);
  });
});

for (const service of SERVICES)
  describeWithService(service, `a read on ${service}`, (address) => {
    it('succeeds after a failover that lost the last events', async () => {
      const database = nameDatabase(address);
      const store = createMysqlStore({ url: database.url });
      onTestFinished(async () => {
        await store.close();
        await database.drop();
      });
      await store.open(createTestContext());
      await store.append(makeEvents(5));
      await database.ask(`DELETE FROM \`${database.name}\`.vigilant_event WHERE sequence > 3`);
      await database.ask(`UPDATE \`${database.name}\`.vigilant_store SET last_sequence = 3, events = 3`);
      expect(await readAll(store)).toHaveLength(3);
      expect(await store.status()).toMatchObject({ lastSequence: 3, events: 3 });
    });

    it('succeeds after a failover that lost the last document', async () => {
      const database = nameDatabase(address);
      const store = createMysqlStore({ url: database.url });
      onTestFinished(async () => {
        await store.close();
        await database.drop();
      });
      await store.open(createTestContext());
      await store.documents?.put('view', 'a', { value: {} }, { revision: null });
      await database.ask(`DELETE FROM \`${database.name}\`.vigilant_document`);
      await database.ask(`UPDATE \`${database.name}\`.vigilant_store SET last_revision = 0`);
      expect(await store.documents?.count('view')).toBe(0);
    });
  });
