import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { inlineWorkerEsbuild } from '../../../scripts/inline-worker.mjs';

const ROOT = fileURLToPath(new URL('../../..', import.meta.url));

/** Bundles the server from its sources into one file below this workspace, so that native modules are found. */
export async function bundleServer(): Promise<string> {
  const outfile = join(ROOT, '.cache', `standalone-server-${process.pid}.mjs`);
  await build({
    entryPoints: [join(ROOT, 'examples/standalone-server/src/main.ts')],
    outfile,
    bundle: true,
    format: 'esm',
    platform: 'node',
    packages: 'external',
    tsconfig: join(ROOT, 'tsconfig.json'),
    alias: Object.fromEntries(
      ['core', 'grpc', 'store-sqlite'].map((name) => [`@vigilant/${name}`, join(ROOT, 'packages', name, 'src/index.ts')]),
    ),
    plugins: [inlineWorkerEsbuild],
    logLevel: 'error',
  });
  return outfile;
}

/** A server in a process of its own. */
export interface RunningServer {
  readonly address: string;
  readonly child: ChildProcess;
  output(): string;
  /** Sends a signal and waits for the end; resolves to the exit code. */
  stop(signal?: NodeJS.Signals): Promise<number | null>;
}

/** Starts the bundled server; resolves once it says where it listens. */
export async function startServer(
  bundle: string,
  environment: Readonly<Record<string, string>>,
): Promise<RunningServer> {
  const env = { PATH: process.env['PATH'], VIGILANT_GRPC_PORT: '0', ...environment };
  const child = spawn(process.execPath, [bundle], { env, stdio: ['ignore', 'pipe', 'pipe'] });
  let text = '';
  const ended = once(child, 'close') as Promise<[number | null]>;
  const address = await new Promise<string>((resolve, reject) => {
    const take = (chunk: Buffer): void => {
      text += chunk.toString();
      const found = /gRPC\s+(\S+)\n/.exec(text)?.[1];
      if (found !== undefined) resolve(found);
    };
    child.stdout.on('data', take);
    child.stderr.on('data', take);
    child.on('close', () => reject(new Error(`the server ended: ${text}`)));
  });
  return {
    address,
    child,
    output: () => text,
    async stop(signal = 'SIGTERM') {
      child.kill(signal);
      const [code] = await ended;
      return code;
    },
  };
}

/** A folder that is gone when the test is over. */
export function temporaryFolder(onCleanup: (clean: () => void) => void): string {
  const folder = mkdtempSync(join(tmpdir(), 'vigilant-server-'));
  onCleanup(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}
