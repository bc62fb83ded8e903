import { execFileSync, spawnSync } from 'node:child_process';
import { cpSync, rmSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ROOT } from '../lib/setup.mjs';
import { copyDriver, copyPackages } from './support/copied-packages';
import type { TemporaryApp } from './support/temporary-app';
import { createTemporaryApp } from './support/temporary-app';

const VERSIONS = ['22', '24'];

/** Prints the version of Node.js, and the messages that a query returns or the error of a call. */
const PROGRAM = `
import { createVigilant } from '@vigilant/core';
import { sqlite } from '@vigilant/store-sqlite';
async function messages(preset) {
  const vigilant = createVigilant({ ...preset, onDiagnostic() {} });
  try {
    await vigilant.log({ message: 'first' });
    return (await vigilant.query('first')).events.map(({ message }) => message);
  } catch ({ code, retryable, message }) {
    return { code, retryable, message };
  } finally {
    await vigilant.close();
  }
}
const [major] = process.versions.node.split('.');
console.log(JSON.stringify({ major, memory: await messages(), sqlite: await messages(sqlite('data-' + process.pid)) }));
`;

let app: TemporaryApp;

beforeAll(() => {
  app = createTemporaryApp('runtimes');
  const system = process.platform === 'win32' ? 'win' : process.platform;
  const nodes = VERSIONS.map((version) => `node${version}@npm:node-${system}-${process.arch}@${version}`);
  app.install('node-gyp@11', 'bun@1', 'deno@2', ...nodes);
  // The scripts that put the program for this system into the package.
  for (const script of ['bun/install.js', 'deno/install.cjs'])
    run(process.execPath, [join(app.modules, script)]);
  copyPackages(app.modules, ['core', 'store-sqlite']);
  copyDriver(app.modules);
  app.write('program.mjs', PROGRAM);
}, 600_000);

afterAll(() => app.remove());

function run(program: string, args: readonly string[]): string {
  return execFileSync(program, args, { cwd: app.folder, encoding: 'utf8', stdio: 'pipe', timeout: 60_000 });
}

/** Returns the path of the program in a package of a version of Node.js. */
const nodeOf = (version: string): string =>
  join(app.modules, `node${version}`, 'bin', process.platform === 'win32' ? 'node.exe' : 'node');

/** Builds the driver for a version of Node.js. Returns the reason if that is not possible. */
function buildDriver(version: string): string | undefined {
  const driver = join(app.modules, 'better-sqlite3');
  rmSync(driver, { recursive: true });
  cpSync(join(ROOT, 'node_modules', 'better-sqlite3'), driver, {
    recursive: true,
    filter: (path) => !path.startsWith(join(ROOT, 'node_modules', 'better-sqlite3', 'build')),
  });
  const gyp = join(app.modules, 'node-gyp', 'bin', 'node-gyp.js');
  // The package contains the headers of its version.
  const headers = `--nodedir=${join(app.modules, `node${version}`)}`;
  // Settings of npm that this test has inherited, such as `npm_config_nodedir`, would override the arguments.
  const inherited = Object.entries(process.env).filter(([name]) => !/^npm_/i.test(name));
  const PATH = [dirname(nodeOf(version)), process.env['PATH']].join(delimiter);
  const { status, stderr, error } = spawnSync(nodeOf(version), [gyp, 'rebuild', '--release', headers], {
    cwd: driver,
    env: { ...Object.fromEntries(inherited), PATH },
    encoding: 'utf8',
    maxBuffer: 64 * 1024 * 1024,
  });
  return status === 0 ? undefined : (error?.message ?? stderr.slice(-1000));
}

describe('the packages', () => {
  it.for(VERSIONS)('store and query events on Node.js %s', { timeout: 900_000 }, (version, { skip }) => {
    const reason = buildDriver(version);
    if (reason !== undefined && process.env['VIGILANT_REQUIRE_SERVICES'] !== '1') {
      console.warn(`SKIPPED Node.js ${version}: better-sqlite3 cannot be built: ${reason}`);
      skip('better-sqlite3 cannot be built');
    }
    expect(JSON.parse(run(nodeOf(version), ['program.mjs']))).toEqual({
      major: version,
      memory: ['first'],
      sqlite: ['first'],
    });
  });

  it.each([
    { name: 'Bun', path: 'bun/bin/bun.exe', args: ['run', 'program.mjs'] },
    {
      name: 'Deno',
      path: process.platform === 'win32' ? 'deno/deno.exe' : 'deno/deno',
      args: ['run', '--allow-all', 'program.mjs'],
    },
  ])(
    'work in memory on $name and name it in the error of the driver',
    ({ name, path, args }) => {
      expect(JSON.parse(run(join(app.modules, path), args))).toMatchObject({
        memory: ['first'],
        sqlite: {
          code: 'VIGILANT_DRIVER_MISSING',
          retryable: false,
          message: expect.stringMatching(
            `${name} does not support this driver. Run the program with Node.js. Or use the memory adapters`,
          ) as string,
        },
      });
    },
    120_000,
  );
});
