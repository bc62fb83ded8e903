import type { Connection } from 'mysql2/promise';
import { createConnection } from 'mysql2/promise';
import { setTimeout as wait } from 'node:timers/promises';
import { startMariadb, startMysql } from '../../../../scripts/services/mysql.mjs';

const STARTS = { mariadb: startMariadb, mysql: startMysql } as const;

/** An account that cannot write to a read-only server, unlike root. */
export const ACCOUNT = { user: 'writer', password: 'secret' } as const;

/** A primary and its replica. */
export interface Pair {
  /** The URL of the primary, for `ACCOUNT`. */
  readonly primary: string;
  /** The URL of the replica, for `ACCOUNT`. */
  readonly replica: string;
  /** Makes the primary read-only. */
  demote(): Promise<void>;
  /** Waits until the replica has all data of the primary, and makes it the new primary. */
  promote(): Promise<void>;
  dispose(): Promise<void>;
}

/** Starts two servers, of which the second replicates the first. */
export async function startPair(service: 'mariadb' | 'mysql'): Promise<Pair> {
  const start = (id: string): ReturnType<typeof startMariadb> =>
    STARTS[service]({ settings: { 'log-bin': 'log', 'server-id': id } });
  const first = await start('1');
  const second = await start('2');
  const [primary, replica] = await Promise.all([connect(first.address), connect(second.address)]);
  const { File: file, Position: position } = await firstRow(primary, 'SHOW MASTER STATUS');
  await replica.query(
    `CHANGE MASTER TO MASTER_HOST = '127.0.0.1', MASTER_PORT = ${new URL(first.address).port}, MASTER_USER = 'root',
    MASTER_LOG_FILE = '${String(file)}', MASTER_LOG_POS = ${Number(position)}, MASTER_CONNECT_RETRY = 1`,
  );
  await replica.query('START SLAVE');
  await primary.query(`CREATE USER '${ACCOUNT.user}'@'%' IDENTIFIED BY '${ACCOUNT.password}'`);
  await primary.query(`GRANT ALL ON *.* TO '${ACCOUNT.user}'@'%'`);
  // With these rights, an account of MariaDB may write to a read-only server.
  if (service === 'mariadb')
    await primary.query(`REVOKE SUPER, READ ONLY ADMIN ON *.* FROM '${ACCOUNT.user}'@'%'`);
  return {
    primary: asAccount(first.address),
    replica: asAccount(second.address),
    async demote() {
      await primary.query(`SET GLOBAL ${service === 'mariadb' ? 'read_only' : 'super_read_only'} = 1`);
    },
    async promote() {
      const end = await firstRow(primary, 'SHOW MASTER STATUS');
      for (;;) {
        const status = await firstRow(replica, 'SHOW SLAVE STATUS');
        if (status['Last_Error'] !== '') throw new Error(String(status['Last_Error']));
        const isThere =
          status['Relay_Master_Log_File'] === end['File'] &&
          Number(status['Exec_Master_Log_Pos']) >= Number(end['Position']);
        if (isThere) break;
        await wait(50);
      }
      await replica.query('STOP SLAVE');
    },
    async dispose() {
      primary.destroy();
      replica.destroy();
      await Promise.all([first.dispose(), second.dispose()]);
    },
  };
}

function asAccount(address: string): string {
  const url = new URL(address);
  url.username = ACCOUNT.user;
  url.password = ACCOUNT.password;
  return url.href;
}

function connect(uri: string): Promise<Connection> {
  return createConnection({ uri });
}

async function firstRow(connection: Connection, sql: string): Promise<Record<string, unknown>> {
  const [rows] = await connection.query(sql);
  return (rows as Record<string, unknown>[])[0] ?? {};
}
