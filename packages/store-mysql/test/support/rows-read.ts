import type { MysqlSession } from '../../src/connection/mysql-session';

/** Counts the rows and index entries that the server has read for a session. */
export async function rowsRead(session: MysqlSession): Promise<number> {
  const rows = await session.rows("SHOW SESSION STATUS LIKE 'Handler_read%'");
  // The counters named `rnd` count rows of the temporary table of this statement.
  return rows
    .filter(([name]) => !String(name).includes('rnd'))
    .reduce((sum, [, value]) => sum + Number(value), 0);
}
