import { createTestContext } from '@vigilant/conformance';
import { describe, expect, it, onTestFinished } from 'vitest';
import { describeWithService } from '../../../../scripts/services/in-tests.mjs';
import { isLost } from '../../src/connection/driver-errors';
import { createMysqlStore } from '../../src/index';
import type { StalenessCheck } from '../../src/pool/staleness-check';
import { createStalenessCheck } from '../../src/pool/staleness-check';
import type { MysqlSession } from '../../src/connection/mysql-session';
import { nameTables } from '../../src/sql/tables';
import { SERVICES, nameDatabase } from '../support/databases';
import { makeEvents, readAll } from '../support/events';

describe('StalenessCheck', () => {
  const read = async (staleness: StalenessCheck, epoch: string, lastSequence: number) => {
    const destroyed: unknown[] = [];
    const session = { destroy: (reason: unknown) => destroyed.push(reason) } as unknown as MysqlSession;
    const result = await staleness
      .checked(session, () => Promise.resolve({ epoch, lastSequence }))
      .catch((error: unknown) => error);
    return { result, destroyed };
  };

  it('ends a session whose server lacks the last append', async () => {
    const staleness = createStalenessCheck();
    staleness.note({ epoch: 'a', lastSequence: 9 });
    const { result, destroyed } = await read(staleness, 'a', 8);
    expect(destroyed).toEqual([result]);
    expect(isLost(result)).toBe(true);
  });

  it('accepts a server that has the last append, and one with other data', async () => {
    const staleness = createStalenessCheck();
    staleness.note({ epoch: 'a', lastSequence: 9 });
    for (const [epoch, lastSequence] of [
      ['a', 9],
      ['a', 10],
      ['b', 1],
    ] as const)
      expect(await read(staleness, epoch, lastSequence)).toEqual({
        result: { epoch, lastSequence },
        destroyed: [],
      });
  });

  it('checks a session again once its server was not seen to have the last append', async () => {
    const staleness = createStalenessCheck();
    let lastSequence = 5;
    let reads = 0;
    const session = {
      async rows() {
        reads += 1;
        return [['a', lastSequence]];
      },
      destroy: () => {},
    } as unknown as MysqlSession;
    const check = (): Promise<void> => staleness.check(session, nameTables('vigilant_'));
    await check();
    expect(reads).toBe(0);
    staleness.note({ epoch: 'a', lastSequence: 5 });
    await check();
    await check();
    expect(reads).toBe(1);
    staleness.note({ epoch: 'a', lastSequence: 6 });
    await expect(check()).rejects.toThrow('up to sequence 5');
    lastSequence = 6;
    await check();
    expect(reads).toBe(3);
  });

  it('accepts a server that lacks an event stored during the read', async () => {
    const staleness = createStalenessCheck();
    const state = { epoch: 'a', lastSequence: 8 };
    const result = await staleness.checked({} as MysqlSession, () => {
      staleness.note({ epoch: 'a', lastSequence: 9 });
      return Promise.resolve(state);
    });
    expect(result).toBe(state);
  });
});

for (const service of SERVICES)
  describeWithService(service, `a query on ${service}`, (address) => {
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
  });
