import { describe, it } from 'vitest';
import { runStoreConformance } from '@vigilant/conformance';
import { createMysqlStore } from '../src/index';
import { createDatabase, describeServers } from './support/servers';

describeServers('conformance', ({ name, url }) => {
  runStoreConformance(
    { describe, it },
    {
      name: `${name} store`,
      create: async () => {
        const database = createDatabase(url);
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
