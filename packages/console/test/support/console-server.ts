import { createHash } from 'node:crypto';
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createVigilant, type EventInput, type Store, type Vigilant } from '@vigilant/core';
import { serveHttp, type HttpServer } from '@vigilant/http';
import { ROOT } from '../../../../scripts/lib/setup.mjs';
import { packFiles } from '../../../../scripts/inline-files.mjs';
import { cached, runQuietly } from '../../../../scripts/services/tools.mjs';
import { createConsoleFiles } from '../../src/files';

const PACKAGE = fileURLToPath(new URL('../..', import.meta.url));
const APP = join(PACKAGE, 'src', 'app');

/** Builds the app as it is published, unless its sources were built before. Returns the folder. */
export function buildApp(): Promise<string> {
  const sources = readdirSync(APP, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
  const hash = createHash('sha256');
  const configs = ['vite.config.ts', 'svelte.config.js'].map((name) => join(PACKAGE, name));
  for (const file of [...sources, ...configs, fileURLToPath(import.meta.url)])
    hash.update(file).update(readFileSync(file));
  return cached('console', hash.digest('hex'), async (outDir: string) => {
    // Here NODE_ENV is `test`, with which it would be a build for development.
    const env = { ...process.env, NODE_ENV: 'production' };
    const vite = join(ROOT, 'node_modules', 'vite', 'bin', 'vite.js');
    const args = [vite, 'build', '--logLevel', 'error', '--outDir', outDir];
    await runQuietly(process.execPath, args, { cwd: PACKAGE, env });
  });
}

/** A running engine with the console. */
export interface ConsoleServer {
  readonly vigilant: Vigilant;
  readonly server: HttpServer;
  /** Logs events and waits until they are stored. */
  seed(events: readonly EventInput[]): Promise<void>;
  close(): Promise<void>;
}

const BATCH = 2_000;

/** Starts an engine, by default in memory, with the console under a base path. */
export async function startConsole({
  store,
  ...options
}: { basePath?: string; port?: number; store?: Store } = {}): Promise<ConsoleServer> {
  const vigilant = createVigilant(store && { store });
  // Until it is open, previews, which have a deadline of 100 ms, are answered with 503. Chromium reports that as an error.
  await vigilant.open();
  const console = createConsoleFiles(packFiles(await buildApp()));
  const server = await serveHttp(vigilant, { port: 0, console, ...options });
  return {
    vigilant,
    server,
    seed: async (events) => {
      for (let start = 0; start < events.length; start += BATCH) {
        const { accepted, results } = await vigilant.logBatch(events.slice(start, start + BATCH));
        if (accepted < results.length)
          throw new Error(JSON.stringify(results.find((each) => 'error' in each)));
        await vigilant.flush({ timeoutMs: 20_000 });
      }
    },
    close: async () => {
      await server.close({ graceMs: 0 });
      await vigilant.close();
    },
  };
}
