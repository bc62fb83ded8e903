import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { delimiter, join } from 'node:path';
import { ROOT, say } from '../lib/setup.mjs';

/** Folder of downloaded programs. */
const CACHE = join(ROOT, '.cache', 'services');

/** The error of a service that is not available on this machine. */
export class Unavailable extends Error {}

/** Finds a program on the path; `undefined` if there is none. */
export function findProgram(...names) {
  const folders = [...(process.env['PATH'] ?? '').split(delimiter), '/usr/sbin', '/usr/local/sbin'];
  for (const name of names) {
    const folder = folders.find((each) => each !== '' && existsSync(join(each, name)));
    if (folder !== undefined) return join(folder, name);
  }
  return undefined;
}

/** Runs a program; resolves to its output, or rejects with it if the program fails. */
export function runQuietly(command, args, options = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'pipe'], ...options });
    let text = '';
    child.stdout.on('data', (chunk) => (text += chunk));
    child.stderr.on('data', (chunk) => (text += chunk));
    child.on('error', reject);
    child.on('close', (code) =>
      code === 0 ? resolve(text) : reject(new Error(`${command} ${args[0]} failed: ${text.slice(-2_000)}`)),
    );
  });
}

/** Folders that this process is filling or has filled. */
const folders = new Map();

/** Returns a folder of the cache. If it does not exist, `fill` fills an empty folder. */
export function cached(name, ingredients, fill) {
  const key = createHash('sha256').update(ingredients).digest('hex').slice(0, 12);
  const folder = join(CACHE, `${name}-${key}`);
  if (!folders.has(folder))
    folders.set(
      folder,
      filled(folder, fill).catch((error) => {
        folders.delete(folder);
        throw error;
      }),
    );
  return folders.get(folder);
}

async function filled(folder, fill) {
  if (existsSync(folder)) return folder;
  const unfinished = `${folder}.${process.pid}`;
  rmSync(unfinished, { recursive: true, force: true });
  mkdirSync(unfinished, { recursive: true });
  try {
    await fill(unfinished);
    // Another process may have filled it.
    if (!existsSync(folder)) renameSync(unfinished, folder);
  } finally {
    rmSync(unfinished, { recursive: true, force: true });
  }
  return folder;
}

/** Downloads the dependencies of a pom with a goal of Maven's dependency plugin. `finish` can process them once. */
export function cachedFromMaven(name, goal, finish = async () => {}) {
  const pom = join(ROOT, 'scripts', 'services', name, 'pom.xml');
  return cached(name, readFileSync(pom), async (folder) => {
    const maven = findProgram('mvn');
    if (maven === undefined) throw new Unavailable('Maven (mvn) is not installed');
    say(`downloading ${name} with Maven (once)`);
    const args = ['-q', '-B', '-f', pom, `dependency:${goal}`, `-DoutputDirectory=${folder}`];
    await runQuietly(maven, args).catch((error) => {
      throw new Unavailable(`Maven could not download it: ${error.message}`);
    });
    await finish(folder);
  });
}

/** Resolves when the last installation has ended. */
let installing = Promise.resolve();

/** Installs system packages with apt-get. Concurrent calls run in turn. @throws {Unavailable} without apt-get or root */
export function installWithApt(...names) {
  const installed = installing.then(() => installNow(names));
  installing = installed.catch(() => {});
  return installed;
}

async function installNow(names) {
  const apt = findProgram('apt-get');
  if (apt === undefined || process.getuid?.() !== 0)
    throw new Unavailable(`${names.join(', ')} must be installed, which requires apt-get and root`);
  say(`installing ${names.join(', ')} with apt-get (once)`);
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  const install = () => runQuietly(apt, ['install', '-y', '--no-install-recommends', ...names], { env });
  await install()
    .catch(() => runQuietly(apt, ['update'], { env }).then(install))
    .catch((error) => {
      throw new Unavailable(`apt-get could not install ${names.join(', ')}: ${error.message}`);
    });
}

/** Ports below the ephemeral range, so that no outgoing connection takes a port before its server listens. */
const FIRST_PORT = 20_000;
const LAST_PORT = 32_000;

/** Returns ports that are currently free. */
export async function freePorts(count) {
  const ports = new Set();
  while (ports.size < count) {
    const port = FIRST_PORT + Math.floor(Math.random() * (LAST_PORT - FIRST_PORT));
    if (await isFree(port)) ports.add(port);
  }
  return [...ports];
}

function isFree(port) {
  return new Promise((resolve) => {
    const server = createServer();
    server
      .once('error', () => resolve(false))
      .listen(port, '127.0.0.1', () => server.close(() => resolve(true)));
  });
}
