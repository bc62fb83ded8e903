import { randomBytes } from 'node:crypto';
import { createConnection } from 'mysql2/promise';
import type { Connection } from 'mysql2/promise';
import { describe, it } from 'vitest';

/** A server that tests may use. */
export interface TestServer {
  readonly name: string;
  readonly variable: string;
  readonly url: string | undefined;
}

/** The servers that the environment names. */
export const SERVERS: readonly TestServer[] = [
  { name: 'MariaDB', variable: 'VIGILANT_TEST_MARIADB', url: process.env['VIGILANT_TEST_MARIADB'] },
  { name: 'MySQL', variable: 'VIGILANT_TEST_MYSQL', url: process.env['VIGILANT_TEST_MYSQL'] },
];

/** Runs tests on each server; says so where there is none, and fails where services are required. */
export function describeServers(
  behaviour: string,
  tests: (server: TestServer & { url: string }) => void,
): void {
  for (const server of SERVERS) {
    const { name, variable, url } = server;
    if (url !== undefined && url !== '') {
      describe(`${behaviour} on ${name}`, () => tests({ ...server, url }));
      continue;
    }
    const reason = `${variable} names no server`;
    if (process.env['VIGILANT_REQUIRE_SERVICES'] === '1')
      describe(`${behaviour} on ${name}`, () =>
        it('has a server', () => {
          throw new Error(reason);
        }));
    else {
      console.warn(`Skipped: ${behaviour} on ${name}: ${reason}.`);
      describe.skip(`${behaviour} on ${name} (${reason})`, () => it('has a server', () => {}));
    }
  }
}

/** A database of one test's own. */
export interface TestDatabase {
  readonly name: string;
  /** With the database. */
  readonly url: string;
  /** Runs one statement and gives its rows. */
  ask(sql: string): Promise<Record<string, unknown>[]>;
  drop(): Promise<void>;
}

/** Names a database that does not exist yet; a store makes it. */
export function createDatabase(serverUrl: string): TestDatabase {
  const name = `vigilant_test_${randomBytes(8).toString('hex')}`;
  const connected = async <T>(work: (connection: Connection) => Promise<T>): Promise<T> => {
    const connection = await createConnection({ uri: serverUrl });
    try {
      return await work(connection);
    } finally {
      await connection.end();
    }
  };
  const ask = (sql: string) =>
    connected(async (connection) => (await connection.query(sql))[0] as Record<string, unknown>[]);
  const target = new URL(serverUrl);
  target.pathname = `/${name}`;
  return {
    name,
    url: target.href,
    ask: (sql) => ask(sql),
    async drop() {
      await ask(`DROP DATABASE IF EXISTS \`${name}\``);
    },
  };
}
