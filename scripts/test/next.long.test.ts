import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { appendFileSync, cpSync, existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { ROOT } from '../lib/setup.mjs';
import { freePorts } from '../services/tools.mjs';
import { copyDriver, copyPackages } from './support/copied-packages';
import type { TemporaryApp } from './support/temporary-app';
import { createTemporaryApp } from './support/temporary-app';

const NEXT = ['next@16.4.6', 'react@19.2.0', 'react-dom@19.2.0'];

const LAYOUT = `export default function Layout({ children }) { return <html><body>{children}</body></html>; }`;

/** Counts the engines that the module of the recipe has returned in this process. */
const ENGINES = `
import { getVigilant } from '../../lib/vigilant';
export const dynamic = 'force-dynamic';
const version = 1;
export function GET() {
  const engines = (globalThis.engines ??= new Set());
  engines.add(getVigilant());
  return Response.json([version, engines.size]);
}`;

let app: TemporaryApp;

/** Creates the app of docs/bundling.md, with Next.js from npm and the packages of this repository. */
beforeAll(() => {
  app = createTemporaryApp('next');
  app.install(...NEXT);
  copyPackages(app.modules, ['core', 'store-sqlite']);
  copyDriver(app.modules);
  const page = readFileSync(join(ROOT, 'docs', 'bundling.md'), 'utf8');
  for (const [, name = '', code = ''] of page.matchAll(/```js\n\/\/ (\S+)\n(.*?)```/gs))
    app.write(name, code);
  app.write('app/layout.js', LAYOUT);
  app.write('app/engines/route.js', ENGINES);
}, 600_000);

afterAll(() => app.remove());

const ENV = { ...process.env, NODE_ENV: undefined, NEXT_TELEMETRY_DISABLED: '1', HOSTNAME: '127.0.0.1' };

/** Starts a server. Resolves to a function that requests a path of it. */
async function start(
  cwd: string,
  command: (port: number) => readonly string[],
): Promise<(path: string) => Promise<unknown>> {
  const [port = 0] = await freePorts(1);
  const env = { ...ENV, PORT: String(port) };
  const child = spawn(process.execPath, command(port), { cwd, env, stdio: ['ignore', 'pipe', 'pipe'] });
  const ended = once(child, 'close');
  let output = '';
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (chunk: Buffer) => void (output += chunk.toString()));
  onTestFinished(async () => {
    child.kill('SIGTERM');
    await ended;
  });
  return async (path) => {
    while (child.exitCode === null) {
      const response = await fetch(`http://127.0.0.1:${port}${path}`).catch(() => undefined);
      if (response?.ok) return response.json();
      if (response !== undefined) throw new Error(`${response.status}: ${output}`);
      await sleep(100);
    }
    throw new Error(`The server ended: ${output}`);
  };
}

const next = (): string => join(app.modules, 'next', 'dist', 'bin', 'next');

describe('the app of docs/bundling.md', () => {
  it.each(['--turbopack', '--webpack'])(
    'logs and queries from a copy of its standalone output (%s)',
    async (bundler) => {
      rmSync(join(app.folder, '.next'), { recursive: true, force: true });
      execFileSync(process.execPath, [next(), 'build', bundler], {
        cwd: app.folder,
        env: ENV,
        stdio: 'pipe',
      });
      // The build does not open the database.
      expect(existsSync(join(app.folder, 'data'))).toBe(false);
      const copy = join(app.root, `copy${bundler}`);
      cpSync(join(app.folder, '.next', 'standalone'), copy, { recursive: true, verbatimSymlinks: true });
      rmSync(join(app.folder, '.next'), { recursive: true });
      const get = await start(copy, () => ['server.js']);
      expect(await get('/events')).toEqual(['page visited']);
      expect(await get('/events')).toEqual(['page visited', 'page visited']);
    },
    300_000,
  );

  it('keeps one engine while the development server reloads its modules', async () => {
    const get = await start(app.folder, (port) => [next(), 'dev', '--port', String(port)]);
    expect(await get('/engines')).toEqual([1, 1]);
    app.write('app/engines/route.js', ENGINES.replace('version = 1', 'version = 2'));
    appendFileSync(join(app.folder, 'lib', 'vigilant.js'), '\n// changed\n');
    await expect.poll(() => get('/engines'), { timeout: 60_000 }).toEqual([2, 1]);
  }, 120_000);
});
