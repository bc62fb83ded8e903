import { describe, it } from 'vitest';
import { runStoreConformance, startFaultProxy } from '@vigilant/conformance';
import { describeWithService } from '../../../scripts/services/in-tests.mjs';
import { createMysqlStore } from '../src/index';
import { SERVICES, nameDatabase } from './support/databases';

/** Number of examples of the largest property. Each takes several round trips, and each run has other examples. */
const RUNS = process.env['VIGILANT_LONG'] ? 1_000 : 250;

for (const service of SERVICES)
  describeWithService(service, `MysqlStore on ${service}`, (address) => {
    runStoreConformance(
      { describe, it },
      {
        name: `MySQL store on ${service}`,
        // The statements that create tables are slow on a busy machine.
        patienceMs: 60_000,
        runs: RUNS,
        create: async () => {
          const database = nameDatabase(address);
          const url = new URL(database.url);
          const faults = await startFaultProxy({ host: url.hostname, port: Number(url.port) });
          url.host = `127.0.0.1:${faults.port}`;
          return {
            store: createMysqlStore({ url: url.href }),
            another: () => createMysqlStore({ url: database.url }),
            faults,
            async rawRows() {
              const [row] = await database.ask(
                `SELECT COUNT(*) AS count FROM \`${database.name}\`.vigilant_events`,
              );
              return Number(row?.['count']);
            },
            async dispose() {
              await faults.close();
              await database.drop();
            },
          };
        },
      },
    );
  });
