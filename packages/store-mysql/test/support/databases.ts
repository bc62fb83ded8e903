import { randomBytes } from 'node:crypto';
import { createConnection } from 'mysql2/promise';

/** The services that this store is tested against. A TiDB server is used if its address is given. */
export const SERVICES: readonly ('mariadb' | 'mysql' | 'tidb')[] =
  process.env['VIGILANT_TEST_TIDB'] === undefined ? ['mariadb', 'mysql'] : ['mariadb', 'mysql', 'tidb'];

/** The database of one test. */
export interface TestDatabase {
  readonly name: string;
  /** URL of the database. */
  readonly url: string;
  /** Runs a statement on a connection of its own and returns its rows. */
  ask(sql: string): Promise<readonly Record<string, unknown>[]>;
  drop(): Promise<void>;
}

/** Names a database that does not exist yet. A store creates it. */
export function nameDatabase(
  serverUrl: string,
  name = `vigilant_test_${randomBytes(8).toString('hex')}`,
): TestDatabase {
  const ask = async (sql: string): Promise<readonly Record<string, unknown>[]> => {
    const connection = await createConnection({ uri: serverUrl });
    try {
      const [rows] = await connection.query(sql);
      return rows as Record<string, unknown>[];
    } finally {
      await connection.end();
    }
  };
  const url = new URL(serverUrl);
  url.pathname = `/${name}`;
  return {
    name,
    url: url.href,
    ask,
    async drop() {
      await ask(`DROP DATABASE IF EXISTS \`${name}\``);
    },
  };
}
