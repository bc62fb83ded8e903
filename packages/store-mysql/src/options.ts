import { VigilantError } from '@vigilant/core';
import {
  checkIntegerOption,
  checkOptionKeys,
  checkSecretOption,
  checkTextOption,
} from '@vigilant/core/adapter';

/** Options of `createMysqlStore`: either `url`, or the parts of it. */
export interface MysqlStoreOptions {
  /** Such as `mysql://user:password@host:3306/database`; special characters percent-encoded. */
  readonly url?: string;
  /** @defaultValue `'127.0.0.1'` */
  readonly host?: string;
  /** @defaultValue 3306 */
  readonly port?: number;
  /** A Unix socket, instead of host and port. */
  readonly socketPath?: string;
  /** @defaultValue `'root'` */
  readonly user?: string;
  /** @defaultValue none */
  readonly password?: string;
  /** Made if it does not exist and the account may do so. @defaultValue `'vigilant'` */
  readonly database?: string;
  /** `true` trusts the authorities that Node.js trusts. @defaultValue no TLS */
  readonly tls?: boolean | MysqlTls;
  /** Begins the name of every table. @defaultValue `'vigilant_'` */
  readonly tablePrefix?: string;
  /** Most connections for reading; there is one more for writing. @defaultValue 4 */
  readonly maxConnections?: number;
  /** How long connecting may take, in milliseconds. @defaultValue 10000 */
  readonly connectTimeoutMs?: number;
  /** How long a statement that reads may take, in milliseconds. @defaultValue 30000 */
  readonly statementTimeoutMs?: number;
}

/** Certificates, each as PEM. */
export interface MysqlTls {
  readonly ca?: string | Buffer;
  readonly cert?: string | Buffer;
  readonly key?: string | Buffer;
  /** `false` takes any certificate, also that of an impostor. @defaultValue true */
  readonly rejectUnauthorized?: boolean;
}

/** Options with nothing left open. */
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
const KEYS = [
  ...['url', ...URL_PARTS, 'socketPath', 'tls', 'tablePrefix'],
  ...['maxConnections', 'connectTimeoutMs', 'statementTimeoutMs'],
];
const TLS_KEYS = ['ca', 'cert', 'key', 'rejectUnauthorized'];
const NAME = /^[\p{L}\p{N}_$-]{1,64}$/u;

/** The servers take no such character in a name. */
const BEYOND_BMP = /[\u{10000}-\u{10ffff}]/u;
const PREFIX = /^[A-Za-z0-9_]{0,32}$/;

/** Checks the options of a store and fills in the defaults. @throws {VigilantError} `VIGILANT_OPTIONS_INVALID` */
export function resolveOptions(options: MysqlStoreOptions): ResolvedMysqlOptions {
  checkOptionKeys('createMysqlStore()', options, KEYS);
  const { url, ...parts } = options;
  if (url !== undefined) {
    const twice = [...URL_PARTS, 'socketPath' as const].find((key) => parts[key] !== undefined);
    if (twice !== undefined) throw invalid(`${twice} is given beside url; give one of the two.`);
  }
  const given = url === undefined ? parts : { ...parts, ...readUrl(url) };
  const { host = '127.0.0.1', user = 'root', database = 'vigilant', tablePrefix = 'vigilant_' } = given;
  if (given.socketPath !== undefined && (given.host ?? given.port) !== undefined)
    throw invalid('socketPath is given beside host or port; give one of the two.');
  if (typeof database !== 'string' || !NAME.test(database) || BEYOND_BMP.test(database))
    throw invalid('database must be a name of up to 64 letters, digits, "_", "$" and "-".');
  if (typeof tablePrefix !== 'string' || !PREFIX.test(tablePrefix))
    throw invalid('tablePrefix must have up to 32 letters, digits and "_".');
  return Object.freeze({
    host: checkTextOption('host', host),
    port: checkIntegerOption('port', given.port ?? 3306, 1, 65_535),
    socketPath: given.socketPath === undefined ? undefined : checkTextOption('socketPath', given.socketPath),
    user: checkTextOption('user', user),
    password: given.password === undefined ? undefined : checkSecretOption('password', given.password),
    database,
    tls: resolveTls(given.tls),
    tablePrefix,
    maxConnections: checkIntegerOption('maxConnections', given.maxConnections ?? 4, 1, 1_000),
    connectTimeoutMs: checkIntegerOption('connectTimeoutMs', given.connectTimeoutMs ?? 10_000, 100, 600_000),
    statementTimeoutMs: checkIntegerOption(
      'statementTimeoutMs',
      given.statementTimeoutMs ?? 30_000,
      1_000,
      3_600_000,
    ),
  });
}

function readUrl(url: unknown): Pick<MysqlStoreOptions, (typeof URL_PARTS)[number]> {
  // The URL itself holds a password: it is never shown.
  const hint =
    'url must look like mysql://user:password@host:3306/database, special characters percent-encoded';
  let parsed: URL;
  try {
    if (typeof url !== 'string') throw new TypeError('no text');
    parsed = new URL(url);
  } catch {
    throw invalid(`${hint}.`);
  }
  const { protocol, hostname, port, username, password, pathname, search, hash } = parsed;
  if ((protocol !== 'mysql:' && protocol !== 'mariadb:') || hostname === '' || hash !== '')
    throw invalid(`${hint}.`);
  if (search !== '') throw invalid(`${hint}; what follows its "?" belongs into options of their own.`);
  try {
    const database = decodeURIComponent(pathname.slice(1));
    return {
      host: hostname.replace(/^\[(.*)\]$/, '$1'),
      ...(port === '' ? {} : { port: Number(port) }),
      ...(username === '' ? {} : { user: decodeURIComponent(username) }),
      ...(password === '' ? {} : { password: decodeURIComponent(password) }),
      ...(database === '' ? {} : { database }),
    };
  } catch {
    throw invalid(`${hint}.`);
  }
}

function resolveTls(tls: MysqlStoreOptions['tls']): MysqlTls | undefined {
  if (tls === undefined || tls === false) return undefined;
  if (tls === true) return Object.freeze({});
  checkOptionKeys('tls', tls, TLS_KEYS);
  return Object.freeze({ ...tls });
}

function invalid(message: string): VigilantError {
  return new VigilantError('VIGILANT_OPTIONS_INVALID', message);
}
