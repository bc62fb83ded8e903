import { rmSync } from 'node:fs';
import { afterAll, beforeAll, expect, it, onTestFinished } from 'vitest';
import { bundleProgram } from '../../../../scripts/lib/bundle.mjs';
import { describeWithOwnServices } from '../../../../scripts/services/in-tests.mjs';
import { startKafka } from '../../../../scripts/services/kafka.mjs';
import { startMariadb } from '../../../../scripts/services/mysql.mjs';
import { freePorts } from '../../../../scripts/services/tools.mjs';
import { createCluster, queryFresh } from './cluster';
import { createFaults, runFault, waitForReport } from './faults';
import { startLoad } from './load';
import type { Place } from './watched-server';
import { startPlace } from './watched-server';

const PER_SECOND = 2_000;

/** Tests three servers during each fault in turn. Repeats the faults for `forMs` milliseconds. */
export function describeOutages(forMs: number): void {
  describeWithOwnServices(['kafka', 'mariadb'], 'three servers under load', () => {
    let bundle: string;
    beforeAll(async () => {
      bundle = await bundleProgram('examples/standalone-server/test/programs/reporting-server.ts');
    }, 120_000);
    afterAll(() => rmSync(bundle, { force: true }));

    it(
      'store each acknowledged event once and report each fault',
      async () => {
        const [kafka, mariadb] = await Promise.all([startKafka(), startMariadb()]);
        const cluster = createCluster({ bundle, kafka: kafka.address, mariadb: mariadb.address });
        onTestFinished(async () => {
          await cluster.dispose().catch(() => {});
          await Promise.all([kafka.dispose(), mariadb.dispose()]);
        });
        const [a = 0, b = 0, c = 0] = await freePorts(3);
        const places = await Promise.all([
          startPlace(cluster, a),
          startPlace(cluster, b),
          startPlace(cluster, c),
        ]);
        const [first] = places;
        const load = startLoad(
          places.map(({ client }) => client),
          PER_SECOND,
        );
        const started = Date.now();
        const ready = places.map((place) =>
          waitForReport(place, 'ready after the start', started, 120_000, (state) => state === 'ready'),
        );
        await Promise.all(ready);
        await expect.poll(() => load.acknowledged.length, { timeout: 120_000 }).toBeGreaterThan(10_000);
        const faults = createFaults(places, kafka, mariadb);
        do {
          for (const fault of faults) await runFault(fault, places);
        } while (Date.now() < started + forMs);
        await load.stop();
        await queryFresh(first.client, 'id:none');

        const { acknowledged } = load;
        const stored = await cluster.storedIds();
        expect(stored.length).toBe(new Set(stored).size);
        const all = new Set(stored);
        expect(acknowledged.filter((id) => !all.has(id))).toEqual([]);
        const unseen = ({ tail }: Place): number =>
          acknowledged.filter((id) => !tail.ids.has(id)).length - tail.missed;
        for (const place of places)
          await expect
            .poll(() => unseen(place), { timeout: 120_000, interval: 1_000 })
            .toBeLessThanOrEqual(0);
        for (const { tail } of places) expect(tail.missed).toBeLessThan(acknowledged.length);
        const gaps = places.map(({ tail }) => tail.missed).join(', ');
        console.log(
          `${acknowledged.length} events acknowledged; missed according to the gaps of each tail: ${gaps}`,
        );
        await Promise.all(places.map((place) => place.close()));
      },
      forMs + 900_000,
    );
  });
}
