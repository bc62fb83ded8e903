import { createTestContext } from '@vigilant/conformance';
import type { Clock, Event } from '@vigilant/core';
import { createVigilant, systemClock } from '@vigilant/core';
import { expect, it, onTestFinished } from 'vitest';
import { describeWithService } from '../../../../scripts/services/in-tests.mjs';
import { createMysqlStore } from '../../src/index';
import { SERVICES, nameDatabase } from '../support/databases';
import { makeEvents } from '../support/events';

const STORED = 2_000_000;
const PER_BATCH = 5_000;

/** The events are spread over the last day. */
const STEP_MS = 86_400_000 / STORED;
const NOW_MS = Date.UTC(2026, 0, 2);

/** The rows of ten minutes. */
const IN_RANGE = 600_000 / STEP_MS;

for (const service of SERVICES)
  describeWithService(service, `scan of two million events on ${service}`, (address) => {
    it('reads no events outside of the time range', async () => {
      const database = nameDatabase(address);
      const loading = createMysqlStore({ url: database.url });
      const clock: Clock = { ...systemClock, now: () => NOW_MS };
      const vigilant = createVigilant({ store: createMysqlStore({ url: database.url }), clock });
      onTestFinished(async () => {
        await Promise.all([loading.close(), vigilant.close()]);
        await database.drop();
      });
      await loading.open(createTestContext());
      for (let stored = 0; stored < STORED; stored += PER_BATCH)
        await loading.append(makeEvents(PER_BATCH).map((event, index) => placed(event, stored + index)));

      for (const order of ['oldest', 'newest'] as const) {
        const started = performance.now();
        const page = await vigilant.query('level:ERROR', { since: '10m', order, limit: 10_000 });
        const { scanned } = page.statistics ?? {};
        console.log(
          `${service}, ${order} first: ${page.events.length} of ${scanned} rows in ${(performance.now() - started).toFixed(0)} ms`,
        );
        expect(page).toMatchObject({ complete: true });
        expect(page.events.length).toBeGreaterThan(IN_RANGE / 10 - 2);
        expect(scanned).toBeLessThanOrEqual(2 * IN_RANGE);
      }
    }, 1_800_000);
  });

function placed(event: Event, index: number): Event {
  const timestamp = NOW_MS - (STORED - index) * STEP_MS;
  return { ...event, timestamp, level: index % 10 === 0 ? 'ERROR' : 'INFO' };
}
