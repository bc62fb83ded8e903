import { createTestContext } from '@vigilant/conformance';
import { setTimeout as wait } from 'node:timers/promises';
import { expect, it, onTestFinished } from 'vitest';
import { describeWithService } from '../../../../scripts/services/in-tests.mjs';
import { createMysqlStore } from '../../src/index';
import { SERVICES, nameDatabase } from '../support/databases';
import { makeEvents } from '../support/events';

const STORED = 2_000_000;
const KEPT = 500_000;
const PER_BATCH = 5_000;

for (const service of SERVICES)
  describeWithService(service, `prune of a large store on ${service}`, (address) => {
    it('delays and fails no append while 500 events a second arrive', async () => {
      const database = nameDatabase(address);
      const store = createMysqlStore({ url: database.url });
      onTestFinished(async () => {
        await store.close();
        await database.drop();
      });
      await store.open(createTestContext());
      for (let stored = 0; stored < STORED; stored += PER_BATCH)
        await store.append(makeEvents(PER_BATCH, { receivedAt: stored < STORED - KEPT ? 1_000 : 3_000 }));

      let isOver = false;
      const pruning = store.prune?.({ receivedBefore: 2_000 }).finally(() => (isOver = true));
      const waited: number[] = [];
      while (!isOver) {
        const started = performance.now();
        await store.append(makeEvents(50, { receivedAt: 3_000 }));
        waited.push(performance.now() - started);
        await wait(Math.max(0, 100 - (performance.now() - started)));
      }
      expect(await pruning).toEqual({ deleted: STORED - KEPT, complete: true });
      expect((await store.status()).events).toBe(KEPT + waited.length * 50);
      const sorted = waited.sort((a, b) => a - b);
      const p99 = sorted[Math.floor(sorted.length * 0.99)] ?? 0;
      console.log(`${service}: ${waited.length} appends, p99 ${p99.toFixed(0)} ms`);
      expect(p99).toBeLessThan(500);
    }, 1_800_000);
  });
