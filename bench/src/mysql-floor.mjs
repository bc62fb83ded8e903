import { randomUUID } from 'node:crypto';
import { createConnection } from 'mysql2/promise';
import { chunksOf } from './events.mjs';
import { toColumns } from './floors.mjs';

const ROWS_PER_STATEMENT = 1_000;
const ROWS_PER_TRANSACTION = 5_000;

/** Columns and indexes are those of the store. */
const TABLE = `CREATE TABLE event (
  sequence BIGINT NOT NULL PRIMARY KEY, id VARBINARY(129) NOT NULL, timestamp BIGINT NOT NULL, received_at BIGINT NOT NULL,
  level TINYINT NOT NULL, severity INT NOT NULL, message MEDIUMTEXT NOT NULL, origin VARCHAR(255) NOT NULL,
  source VARCHAR(255) NOT NULL, type VARCHAR(255) NOT NULL, \`group\` VARCHAR(255) NOT NULL, tags MEDIUMTEXT NOT NULL,
  data MEDIUMTEXT NOT NULL, bytes INT NOT NULL, UNIQUE KEY by_id (id), KEY by_time (timestamp, sequence)
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_bin ROW_FORMAT = DYNAMIC`;

/** Creates a database, runs a function with its URL, and drops the database. */
export async function inDatabase(serverUrl, work) {
  const name = `vigilant_bench_${randomUUID().replaceAll('-', '')}`;
  const url = new URL(serverUrl);
  url.pathname = `/${name}`;
  const connection = await createConnection({ uri: serverUrl });
  try {
    await connection.query(`CREATE DATABASE ${name}`);
    return await work(url.href);
  } finally {
    await connection.query(`DROP DATABASE IF EXISTS ${name}`);
    await connection.end();
  }
}

/** F6: mysql2 alone. Inserts of 1,000 rows that skip existing ids, 5,000 rows per transaction, prepared in memory. */
export async function createMysqlFloor(url) {
  const connection = await createConnection({ uri: url, charset: 'UTF8MB4_BIN' });
  await connection.query(TABLE);
  return {
    async insert(rows) {
      for (const transaction of chunksOf(rows, ROWS_PER_TRANSACTION)) {
        await connection.query('START TRANSACTION');
        for (const chunk of chunksOf(transaction, ROWS_PER_STATEMENT))
          await connection.query('INSERT INTO event VALUES ? ON DUPLICATE KEY UPDATE id = id', [chunk]);
        await connection.query('COMMIT');
      }
    },
    async count() {
      const [[{ count }]] = await connection.query('SELECT COUNT(*) AS count FROM event');
      return count;
    },
    close: () => connection.end(),
  };
}

/** Returns the rows that F6 inserts. */
export function toMysqlRows(inputs) {
  return inputs.map((input, index) => {
    const columns = toColumns(input);
    const [tags, data] = columns.slice(-2);
    const bytes = input.message.length + tags.length + data.length;
    return [index + 1, Buffer.from(`01${input.id.replaceAll('-', '')}`, 'hex'), ...columns, bytes];
  });
}
