import { randomUUID } from 'node:crypto';
import type { Tables } from '../sql/tables';

/** Options of every table. With the defaults of some servers, a table cannot store emoji. */
const TABLE = 'ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_bin ROW_FORMAT = DYNAMIC';

/**
 * The steps from an empty database to the current schema, which `docs/mysql.md` describes.
 *
 * The servers commit each of these statements separately, so a step must be repeatable after a failure in the middle.
 */
export const MIGRATIONS: readonly ((tables: Tables) => readonly string[])[] = [
  ({ event, store, document, documentPart }) => [
    `CREATE TABLE IF NOT EXISTS ${store} (
      \`only\` TINYINT NOT NULL PRIMARY KEY,
      \`epoch\` CHAR(32) NOT NULL,
      \`events\` BIGINT NOT NULL,
      \`bytes\` BIGINT NOT NULL,
      \`last_sequence\` BIGINT NOT NULL,
      \`pruned_through\` BIGINT NOT NULL,
      \`last_revision\` BIGINT NOT NULL
    ) ${TABLE}`,
    `INSERT INTO ${store} VALUES (1, '${randomUUID().replaceAll('-', '')}', 0, 0, 0, 0, 0) ON DUPLICATE KEY UPDATE \`only\` = \`only\``,
    `CREATE TABLE IF NOT EXISTS ${event} (
      \`sequence\` BIGINT NOT NULL PRIMARY KEY,
      \`id\` VARBINARY(129) NOT NULL,
      \`timestamp\` BIGINT NOT NULL,
      \`received_at\` BIGINT NOT NULL,
      \`level\` TINYINT NOT NULL,
      \`severity\` INT NOT NULL,
      \`message\` MEDIUMTEXT NOT NULL,
      \`origin\` VARCHAR(255) NOT NULL,
      \`source\` VARCHAR(255) NOT NULL,
      \`type\` VARCHAR(255) NOT NULL,
      \`group\` VARCHAR(255) NOT NULL,
      \`tags\` MEDIUMTEXT NOT NULL,
      \`data\` MEDIUMTEXT NOT NULL,
      \`bytes\` INT NOT NULL,
      UNIQUE KEY \`by_id\` (\`id\`),
      KEY \`by_time\` (\`timestamp\`, \`sequence\`)
    ) ${TABLE}`,
    `CREATE TABLE IF NOT EXISTS ${document} (
      \`kind\` VARBINARY(255) NOT NULL,
      \`key\` VARBINARY(1024) NOT NULL,
      \`revision\` BIGINT NOT NULL,
      \`value\` MEDIUMTEXT NOT NULL,
      \`blob_bytes\` INT NULL,
      PRIMARY KEY (\`kind\`, \`key\`)
    ) ${TABLE}`,
    `CREATE TABLE IF NOT EXISTS ${documentPart} (
      \`revision\` BIGINT NOT NULL,
      \`part\` INT NOT NULL,
      \`bytes\` MEDIUMBLOB NOT NULL,
      PRIMARY KEY (\`revision\`, \`part\`)
    ) ${TABLE}`,
  ],
];

/** Returns the statement that creates the readable view, with ids, times and levels as text. */
export function eventsView({ event, events }: Tables): string {
  const hex = 'LOWER(HEX(SUBSTRING(`id`, 2)))';
  const uuid = [
    [1, 8],
    [9, 4],
    [13, 4],
    [17, 4],
    [21, 12],
  ].map(([at, length]) => `SUBSTRING(${hex}, ${at}, ${length})`);
  const time = (column: string): string =>
    `DATE_FORMAT(TIMESTAMPADD(MICROSECOND, ${column}, '1970-01-01 00:00:00.000000'), '%Y-%m-%dT%H:%i:%s.%fZ')`;
  return `CREATE VIEW ${events} AS
    SELECT
      \`sequence\`,
      CASE ORD(\`id\`) WHEN 1 THEN CONCAT_WS('-', ${uuid.join(', ')}) ELSE CONVERT(SUBSTRING(\`id\`, 2) USING utf8mb4) END AS \`id\`,
      ${time('`timestamp`')} AS \`timestamp\`,
      ${time('`received_at`')} AS \`received_at\`,
      CASE \`level\` WHEN 0 THEN 'DEBUG' WHEN 1 THEN 'INFO' WHEN 2 THEN 'WARN' ELSE 'ERROR' END AS \`level\`,
      \`severity\`, \`message\`, \`origin\`, \`source\`, \`type\`, \`group\`, \`tags\`, \`data\`
    FROM ${event}`;
}
