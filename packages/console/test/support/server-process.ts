import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { inlineWorkerEsbuild } from '../../../../scripts/inline-worker.mjs';
import { buildApp } from './console-server';

const from = (path: string) => fileURLToPath(new URL(path, import.meta.url));

/** A server in a process of its own, which can be killed. */
export interface ServerProcess {
  readonly url: string;
  /** Kills the process at once, as a crash does. */
  kill(): Promise<void>;
}

/** Bundles the server. Returns a function that starts it, on a free port if the port is 0. */
export async function bundleServer(
  outFolder: string,
): Promise<(dataFolder: string, port: number) => Promise<ServerProcess>> {
  const bundle = join(outFolder, 'server.mjs');
  await build({
    entryPoints: [from('./server-main.ts')],
    outfile: bundle,
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'node20',
    tsconfig: from('../../../../tsconfig.json'),
    external: ['better-sqlite3'],
    plugins: [inlineWorkerEsbuild],
    banner: {
      js: `import { createRequire as create } from 'node:module'; const require = create('${bundle}');`,
    },
    logLevel: 'error',
  });
  const app = await buildApp();
  return (dataFolder, port) => start([bundle, dataFolder, String(port), app]);
}

async function start(args: readonly string[]): Promise<ServerProcess> {
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  const url = await firstLine(child);
  return {
    url,
    kill: async () => {
      const ended = once(child, 'exit');
      child.kill('SIGKILL');
      await ended;
    },
  };
}

async function firstLine(child: ChildProcess): Promise<string> {
  if (child.stdout === null) throw new Error('The server has no output.');
  for await (const line of createInterface(child.stdout)) return line;
  throw new Error('The server ended before it was ready.');
}
