import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { bundleProgram } from '../../../scripts/lib/bundle.mjs';

/** Bundles the server from its sources. */
export function bundleServer(): Promise<string> {
  return bundleProgram('examples/standalone-server/src/main.ts');
}

/** A running server process. */
export interface RunningServer {
  /** Address of gRPC. */
  readonly address: string;
  /** URL of the console, which ends with a slash. Empty if the program does not serve HTTP. */
  readonly url: string;
  readonly child: ChildProcess;
  output(): string;
  /** Resolves once the output contains a text. */
  untilOutput(text: string): Promise<void>;
  /** Sends a signal and waits until the process ends; resolves to the exit code. */
  stop(signal?: NodeJS.Signals): Promise<number | null>;
}

/** Starts the bundled server; resolves once it has printed its address. */
export async function startServer(
  bundle: string,
  environment: Readonly<Record<string, string>>,
  flags: readonly string[] = [],
): Promise<RunningServer> {
  const env = { PATH: process.env['PATH'], VIGILANT_GRPC_PORT: '0', VIGILANT_HTTP_PORT: '0', ...environment };
  const child = spawn(process.execPath, [bundle, ...flags], { env, stdio: ['ignore', 'pipe', 'pipe'] });
  let text = '';
  const ended = once(child, 'close') as Promise<[number | null]>;
  const { address, url } = await new Promise<{ address: string; url: string }>((resolve, reject) => {
    const read = (chunk: Buffer): void => {
      text += chunk.toString();
      // The introduction ends with a command to try.
      const grpc = /gRPC\s+(\S+)\n[^]*\ntry/.exec(text)?.[1];
      const console = /console\s+(\S+)/.exec(text)?.[1];
      if (grpc !== undefined) resolve({ address: grpc, url: console ?? '' });
    };
    child.stdout.on('data', read);
    child.stderr.on('data', read);
    child.on('close', () => reject(new Error(`the server ended: ${text}`)));
  });
  return {
    address,
    url,
    child,
    output: () => text,
    async untilOutput(expected) {
      while (!text.includes(expected)) await once(child.stdout, 'data');
    },
    async stop(signal = 'SIGTERM') {
      child.kill(signal);
      const [code] = await ended;
      return code;
    },
  };
}

/** Creates a folder that is deleted when the test ends. */
export function temporaryFolder(onCleanup: (clean: () => void) => void): string {
  const folder = mkdtempSync(join(tmpdir(), 'vigilant-server-'));
  onCleanup(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}
