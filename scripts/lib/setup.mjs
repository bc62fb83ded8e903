import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { SHIPPED_DOCS } from './shipped-docs.mjs';

export const ROOT = fileURLToPath(new URL('../..', import.meta.url));

const OLDEST_NODE = [20, 19];

/** Folders of packages and examples in the order of their dependencies. */
export const BUILT = [
  'packages/core',
  'packages/conformance',
  'packages/blocks',
  'packages/store-sqlite',
  'packages/store-mysql',
  'packages/kafka',
  'packages/grpc',
  'packages/http',
  'packages/console',
  'packages/cli',
  'examples/standalone-server',
  'examples/embedded-express',
];

const BUILD_INPUTS = [
  'package-lock.json',
  'tsconfig.json',
  'tsconfig.base.json',
  'tsup.base.ts',
  'scripts/inline-files.mjs',
  'scripts/inline-worker.mjs',
];

/** Prints a message of a script, with a prefix that distinguishes it from the output of tools. */
export function say(text) {
  console.log(`vigilant: ${text}`);
}

/** Runs a program with the standard streams of this process; resolves to its exit code. */
export function run(command, args, options = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { cwd: ROOT, stdio: 'inherit', ...options });
    child.on('error', reject);
    child.on('close', (code, signal) => resolve(signal === null ? code : 1));
  });
}

/** Runs an installed tool of this workspace. */
export function runTool(name, args, options = {}) {
  const suffix = process.platform === 'win32' ? '.cmd' : '';
  const shell = process.platform === 'win32';
  return run(join(ROOT, 'node_modules', '.bin', name + suffix), args, { shell, ...options });
}

function checkNode() {
  const [major, minor] = process.versions.node.split('.').map(Number);
  if (major > OLDEST_NODE[0] || (major === OLDEST_NODE[0] && minor >= OLDEST_NODE[1])) return;
  throw new Error(
    `Node ${process.versions.node} is not supported. Install Node ${OLDEST_NODE.join('.')} or newer.`,
  );
}

/** Installs the dependencies of the lock file, unless they are installed. */
export async function ensureInstalled() {
  const { compiled } = await installFiles();
  await compiled;
}

/**
 * Installs the files of the dependencies, as `ensureInstalled` does. Resolves before `better-sqlite3` is compiled, which takes
 * about a minute of CPU time.
 *
 * @returns {Promise<{ compiled: Promise<void> }>}
 */
export async function installFiles() {
  checkNode();
  const stamp = join(ROOT, 'node_modules', '.vigilant-installed');
  const wanted = hash(['package-lock.json']);
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted) return { compiled: Promise.resolve() };
  say('installing dependencies (once, takes a minute or two)');
  if ((await runNpm('ci', '--ignore-scripts', '--no-audit', '--no-fund')) !== 0)
    throw new Error('npm ci failed; see above.');
  const compiled = runNpm('rebuild').then((code) => {
    if (code !== 0)
      throw new Error(
        'npm rebuild failed; see above. Check that a C++ compiler, make and Python 3 are installed.',
      );
    writeFileSync(stamp, wanted);
  });
  return { compiled };
}

function runNpm(...args) {
  const npm = process.env['npm_execpath'];
  return npm?.endsWith('.js')
    ? run(process.execPath, [npm, ...args])
    : run('npm', args, { shell: process.platform === 'win32' });
}

/** Builds each package whose sources have changed since the last build. */
export async function ensureBuilt() {
  for (const folder of BUILT) {
    const stamp = join(ROOT, folder, 'dist', '.built');
    // Types and workers of earlier packages are bundled into it.
    const upTo = BUILT.slice(0, BUILT.indexOf(folder) + 1);
    const wanted = hash([...BUILD_INPUTS, ...upTo.flatMap(sourcesOf)]);
    if (existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted) continue;
    say(`building ${folder}`);
    const cwd = join(ROOT, folder);
    let code = 0;
    if (existsSync(join(cwd, 'vite.config.ts')))
      code = await runTool('vite', ['build', '--logLevel', 'warn'], { cwd });
    if (code === 0) code = await runTool('tsup', ['--silent'], { cwd });
    if (code !== 0) throw new Error(`Building ${folder} failed; see above.`);
    writeFileSync(stamp, wanted);
  }
}

function sourcesOf(folder) {
  const sources = readdirSync(join(ROOT, folder, 'src'), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(ROOT.length))
    .sort();
  const configs = ['package.json', 'tsup.config.ts', 'vite.config.ts', 'svelte.config.js']
    .map((name) => join(folder, name))
    .filter((name) => existsSync(join(ROOT, name)));
  const docs = folder === 'packages/conformance' ? SHIPPED_DOCS : [];
  return [...configs, ...docs, ...sources];
}

function hash(files) {
  const sum = createHash('sha256');
  for (const file of files) sum.update(file).update(readFileSync(join(ROOT, file)));
  return sum.digest('hex');
}

/** Runs a script, which may resolve to an exit code. Prints a failure as one line and exits with 1. */
export async function main(work) {
  try {
    const code = await work();
    // A script without a result may have set the exit code, as a server that fails to start does.
    if (code !== undefined) process.exitCode = code;
  } catch (error) {
    console.error(`vigilant: ${error.message}`);
    process.exitCode = 1;
  }
}
