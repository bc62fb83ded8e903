import { describe, it } from 'vitest';
import { runStoreConformance } from '@vigilant/conformance';
import { describeWithService } from '../../../scripts/services/in-tests.mjs';
import { createMysqlStore } from '../src/index';
import { SERVICES, nameDatabase } from './support/databases';

for (const service of SERVICES)
  describeWithService(service, `MysqlStore on ${service}`, (address) => {
    runStoreConformance(
      { describe, it },
      {
        name: `MySQL store on ${service}`,
        // The statements that create tables are slow on a busy machine.
        patienceMs: 60_000,
        create: async () => {
          const database = nameDatabase(address);
          const create = () => createMysqlStore({ url: database.url });
          return {
            store: create(),
            another: create,
            async rawRows() {
              const [row] = await database.ask(
                `SELECT COUNT(*) AS count FROM \`${database.name}\`.vigilant_events`,
              );
              return Number(row?.['count']);
            },
            dispose: () => database.drop(),
          };
        },
      },
    );
  });
