import type { VigilantError } from '@vigilant/core';
import {
  checkIntegerOption,
  checkOptionKeys,
  checkSecretOption,
  checkTextOption,
  invalidOption,
  invalidSecretOption,
  optionError,
} from '@vigilant/core/adapter';
import type { MysqlTls } from './tls-options';
import { resolveTls } from './tls-options';

/** Options of `createMysqlStore`. Pass either `url` or its parts. */
export interface MysqlStoreOptions {
  /**
   * URL such as `mysql://user:password@host:3306/database`. Special characters must be percent-encoded. The password may be passed
   * as an option instead.
   */
  readonly url?: string | undefined;
  /** @defaultValue `'127.0.0.1'` */
  readonly host?: string | undefined;
  /** @defaultValue 3306 */
  readonly port?: number | undefined;
  /** Path of a Unix socket, instead of host and port. */
  readonly socketPath?: string | undefined;
  /** @defaultValue `'root'` */
  readonly user?: string | undefined;
  /** @defaultValue no password */
  readonly password?: string | undefined;
  /** Name of the database. It is created if it does not exist and the account may create it. @defaultValue `'vigilant'` */
  readonly database?: string | undefined;
  /** Certificates, or `true` to trust the certificate authorities of Node.js. @defaultValue `false` */
  readonly tls?: boolean | MysqlTls | undefined;
  /** Prefix of the name of every table. @defaultValue `'vigilant_'` */
  readonly tablePrefix?: string | undefined;
  /** Maximum number of connections for reading. One more is used for writing. @defaultValue 4 */
  readonly maxConnections?: number | undefined;
  /** Maximum time to connect, in milliseconds. @defaultValue 10000 */
  readonly connectTimeoutMs?: number | undefined;
  /** Maximum duration of a statement that reads, in milliseconds. @defaultValue 30000 */
  readonly statementTimeoutMs?: number | undefined;
}

/** Checked options, with defaults filled in. */
export interface ResolvedMysqlOptions {
  readonly host: string;
  readonly port: number;
  readonly socketPath: string | undefined;
  readonly user: string;
  readonly password: string | undefined;
  readonly database: string;
  readonly tls: MysqlTls | undefined;
  readonly tablePrefix: string;
  readonly maxConnections: number;
  readonly connectTimeoutMs: number;
  readonly statementTimeoutMs: number;
}

const URL_PARTS = ['host', 'port', 'user', 'password', 'database'] as const;
const OPTIONS = [
  'url',
  ...URL_PARTS,
  'socketPath',
  'tls',
  'tablePrefix',
  'maxConnections',
  'connectTimeoutMs',
  'statementTimeoutMs',
];

const DATABASE = /^[\p{L}\p{N}_$-]{1,64}$/u;
/** Characters that the servers reject in names. */
const BEYOND_BMP = /[\u{10000}-\u{10ffff}]/u;
const PREFIX = /^[A-Za-z0-9_]{0,32}$/;

type UrlParts = Pick<MysqlStoreOptions, (typeof URL_PARTS)[number]>;

/** Checks the options of a store and fills in the defaults. @throws {VigilantError} `VIGILANT_OPTIONS_INVALID` */
export function resolveMysqlOptions(options: MysqlStoreOptions): ResolvedMysqlOptions {
  checkOptionKeys('createMysqlStore()', options, OPTIONS);
  checkTogether(options);
  const { url } = options;
  const {
    host = '127.0.0.1',
    port = 3306,
    socketPath,
    user = 'root',
    password,
    database = 'vigilant',
    tls = false,
    tablePrefix = 'vigilant_',
    maxConnections = 4,
    connectTimeoutMs = 10_000,
    statementTimeoutMs = 30_000,
  } = url === undefined ? options : withUrl(options, parseUrl(url));
  return Object.freeze({
    host: checkTextOption('host', host),
    port: checkIntegerOption('port', port, 1, 65_535),
    socketPath: socketPath === undefined ? undefined : checkTextOption('socketPath', socketPath),
    user: checkTextOption('user', user),
    password: password === undefined ? undefined : checkSecretOption('password', password),
    database: checkDatabase(database),
    tls: resolveTls(tls),
    tablePrefix: checkPrefix(tablePrefix),
    maxConnections: checkIntegerOption('maxConnections', maxConnections, 1, 1_000),
    connectTimeoutMs: checkIntegerOption('connectTimeoutMs', connectTimeoutMs, 100, 600_000),
    statementTimeoutMs: checkIntegerOption('statementTimeoutMs', statementTimeoutMs, 1_000, 3_600_000),
  });
}

/** Rejects options that exclude each other. */
function checkTogether(options: MysqlStoreOptions): void {
  if (options.url !== undefined)
    checkAbsent(options, 'url', ['host', 'port', 'user', 'database', 'socketPath']);
  if (options.socketPath !== undefined) checkAbsent(options, 'socketPath', ['host', 'port']);
}

function checkAbsent(
  options: MysqlStoreOptions,
  given: string,
  excluded: readonly (keyof MysqlStoreOptions)[],
): void {
  const field = excluded.find((key) => options[key] !== undefined);
  if (field === undefined) return;
  throw conflict(given, field);
}

function conflict(given: string, field: string): VigilantError {
  return optionError(`${given} and ${field} exclude each other. Pass only one of them.`, {
    field,
    code: 'conflicting_option',
    reason: `excludes ${given}`,
  });
}

/** Returns the options with the parts of their URL. */
function withUrl(options: MysqlStoreOptions, parts: UrlParts): MysqlStoreOptions {
  const { password, ...others } = parts;
  if (password === undefined) return { ...options, ...others };
  if (options.password !== undefined) throw conflict('url with a password', 'password');
  return { ...options, ...parts };
}

function parseUrl(url: unknown): UrlParts {
  const requirement =
    'a string such as mysql://user:password@host:3306/database, with special characters percent-encoded';
  if (typeof url !== 'string') throw invalidSecretOption('url', requirement);
  const malformed = invalidSecretOption('url', requirement, 'malformed');
  if (!URL.canParse(url)) throw malformed;
  const { protocol, hostname, port, username, password, pathname, search, hash } = new URL(url);
  if (!['mysql:', 'mariadb:'].includes(protocol) || hostname === '' || hash !== '') throw malformed;
  if (search !== '') throw hasParameters();
  const decode = (text: string): string | undefined => (text === '' ? undefined : decodeURIComponent(text));
  try {
    return {
      host: hostname.replace(/^\[(.*)\]$/, '$1'),
      port: port === '' ? undefined : Number(port),
      user: decode(username),
      password: decode(password),
      database: decode(pathname.slice(1)),
    };
  } catch {
    throw malformed;
  }
}

function checkDatabase(database: unknown): string {
  if (typeof database === 'string' && DATABASE.test(database) && !BEYOND_BMP.test(database)) return database;
  throw invalidOption('database', 'a name of 1 to 64 letters, digits, "_", "$" and "-"', database);
}

function checkPrefix(tablePrefix: unknown): string {
  if (typeof tablePrefix === 'string' && PREFIX.test(tablePrefix)) return tablePrefix;
  throw invalidOption('tablePrefix', 'a string of at most 32 letters, digits and "_"', tablePrefix);
}

function hasParameters(): VigilantError {
  const reason = 'must not have parameters after a "?"';
  return optionError(`url ${reason}. Pass them as options of createMysqlStore().`, {
    field: 'url',
    code: 'invalid_value',
    reason,
  });
}
