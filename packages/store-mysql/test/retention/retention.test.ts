import { createTestContext } from '@vigilant/conformance';
import type { ManualClock, RetentionStatus, Vigilant } from '@vigilant/core';
import { createManualClock, createVigilant } from '@vigilant/core';
import { expect, it, onTestFinished } from 'vitest';
import { describeWithService } from '../../../../scripts/services/in-tests.mjs';
import { createMysqlStore } from '../../src/index';
import type { TestDatabase } from '../support/databases';
import { SERVICES, nameDatabase } from '../support/databases';
import { makeEvents } from '../support/events';

interface Engine {
  readonly vigilant: Vigilant;
  readonly clock: ManualClock;
}

async function openEngine({ url }: TestDatabase): Promise<Engine> {
  const clock = createManualClock();
  const store = createMysqlStore({ url });
  const vigilant = createVigilant({ store, clock, retention: { maxAge: '1h' } });
  onTestFinished(async () => void (await vigilant.close()));
  await vigilant.open();
  return { vigilant, clock };
}

/** Advances the clock of an engine to the next run, and returns the status of retention after it. */
async function runNext({ vigilant, clock }: Engine): Promise<RetentionStatus> {
  const status = async () => (await vigilant.status()).retention as RetentionStatus;
  await clock.advance(((await status()).nextRunAt as number) - clock.now());
  for (;;) {
    const found = await status();
    if (found.nextRunAt !== undefined) return found;
    // The store pauses after each step.
    await clock.advance(1);
  }
}

for (const service of SERVICES)
  describeWithService(service, `retention on ${service}`, (address) => {
    it('runs in one engine at a time, and moves to another one after a close', async () => {
      const database = nameDatabase(address);
      const store = createMysqlStore({ url: database.url });
      await store.open(createTestContext());
      onTestFinished(async () => {
        await store.close();
        await database.drop();
      });
      const [one, other] = [await openEngine(database), await openEngine(database)];
      await store.append(makeEvents(100, { receivedAt: 0 }));
      expect(await runNext(one)).toMatchObject({ state: 'waiting', deleted: 100 });
      await store.append(makeEvents(100, { receivedAt: 0 }));
      expect(await runNext(other)).toMatchObject({ state: 'standby', deleted: 0 });
      await one.vigilant.close();
      expect(await runNext(other)).toMatchObject({ state: 'waiting', deleted: 100 });
      expect(await store.status()).toMatchObject({ events: 0, prunedThrough: 200 });
    });
  });
