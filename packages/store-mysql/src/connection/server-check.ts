import type { DiagnosticSink } from '@vigilant/core';
import { VigilantError } from '@vigilant/core';
import type { SqlRow } from '../sql/sql-text';

/** Version and settings of a server. */
export interface MysqlServer {
  readonly product: 'MySQL' | 'MariaDB' | 'TiDB';
  /** As the server reports it. */
  readonly version: string;
  /** Largest statement in bytes: `max_allowed_packet`. */
  readonly maxPacketBytes: number;
  /** How long a connection may be idle, in seconds: `wait_timeout`. */
  readonly waitTimeoutSeconds: number;
  /** `innodb_flush_log_at_trx_commit`. A commit survives a power failure only if it is 1. */
  readonly flushAtCommit: number;
}

/** Reads the rows of a statement. */
type ReadRows = (sql: string) => Promise<readonly SqlRow[]>;

/** Minimum `max_allowed_packet` in bytes, which fits the largest event. */
const MIN_PACKET_BYTES = 1024 * 1024;

/** Oldest supported versions, as [major, minor, patch]. */
const OLDEST = { MySQL: [8, 0, 11], MariaDB: [10, 5, 0], TiDB: [8, 4, 0] } as const;

/** Reads the version and settings of a server. */
export async function readServer(read: ReadRows): Promise<MysqlServer> {
  const [row] = await read(
    `SELECT VERSION(), @@version_comment, @@session.max_allowed_packet, @@session.wait_timeout,
      @@global.innodb_flush_log_at_trx_commit`,
  );
  const [version = '', comment = '', packet, wait, flush] = (row ?? []).map(String);
  return {
    product: productOf(version, comment),
    version,
    maxPacketBytes: Number(packet),
    waitTimeoutSeconds: Number(wait),
    flushAtCommit: Number(flush),
  };
}

function productOf(version: string, comment: string): MysqlServer['product'] {
  if (/-TiDB-/.test(version)) return 'TiDB';
  return /mariadb/i.test(`${version} ${comment}`) ? 'MariaDB' : 'MySQL';
}

/** Returns the version of the product. MariaDB and TiDB may report a version of MySQL before their own. */
function versionOf({ version }: MysqlServer): readonly number[] {
  const own = version.replace(/^5\.5\.5-|^.*-TiDB-v/, '');
  const [, ...numbers] = /(\d+)\.(\d+)\.(\d+)/.exec(own) ?? [];
  return numbers.map(Number);
}

/**
 * Rejects servers that lack a required feature or setting.
 *
 * @throws {VigilantError} `VIGILANT_STORE_UNAVAILABLE` with the remedy
 */
export function checkServer(server: MysqlServer): void {
  const { product, version, maxPacketBytes } = server;
  const oldest = OLDEST[product];
  const numbers = versionOf(server);
  const differing = oldest.findIndex((least, index) => numbers[index] !== least);
  if (differing >= 0 && !((numbers[differing] ?? 0) > (oldest[differing] ?? 0)))
    throw unsupported(`${product} ${version} is not supported. Use ${product} ${oldest.join('.')} or newer.`);
  if (maxPacketBytes < MIN_PACKET_BYTES)
    throw unsupported(
      `max_allowed_packet of the server is ${maxPacketBytes} bytes, too small for the largest events. ` +
        `Set max_allowed_packet to at least ${MIN_PACKET_BYTES} (1 MiB), preferably 64 MiB.`,
    );
}

/**
 * Rejects a server whose replication cannot log our transactions. Otherwise the first transaction would fail in the middle of the
 * migrations.
 *
 * @throws {VigilantError} `VIGILANT_STORE_UNAVAILABLE`
 */
export async function checkReplication(read: ReadRows): Promise<void> {
  // SELECT @@binlog_format would fail on a server that has removed this deprecated variable.
  const rows = await read("SHOW SESSION VARIABLES WHERE Variable_name IN ('log_bin', 'binlog_format')");
  const settings = new Map(rows.map(([name, value]) => [String(name), String(value)]));
  if (settings.get('log_bin') !== 'ON' || settings.get('binlog_format') !== 'STATEMENT') return;
  throw unsupported(
    'binlog_format of the server is STATEMENT, under which it rejects transactions at READ COMMITTED. ' +
      'Set binlog_format to ROW or MIXED.',
  );
}

/** Reports settings of the server that weaken durability. */
export function reportSettings(server: MysqlServer, diagnostics: DiagnosticSink): void {
  if (server.flushAtCommit === 1) return;
  diagnostics({
    level: 'warn',
    component: 'mysql-store',
    code: 'commits-not-durable',
    message:
      `innodb_flush_log_at_trx_commit of the server is ${server.flushAtCommit}: events of the last second may be ` +
      'lost if its machine fails. Set innodb_flush_log_at_trx_commit to 1.',
    details: { setting: 'innodb_flush_log_at_trx_commit', value: server.flushAtCommit, remedy: 1 },
  });
}

function unsupported(message: string): VigilantError {
  return new VigilantError('VIGILANT_STORE_UNAVAILABLE', message, { retryable: false });
}
