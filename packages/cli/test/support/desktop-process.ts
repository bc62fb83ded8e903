import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { chromium } from 'playwright-core';
import { vi } from 'vitest';
import { ROOT } from '../../../../scripts/lib/setup.mjs';

const PROGRAM = join(ROOT, 'packages', 'cli', 'dist', 'main.js');

/** Time for a browser to start on a busy machine, in milliseconds. */
const START_MS = 60_000;

/** The home of a user, in which tests run `vigilant desktop`. */
export interface Home {
  readonly folder: string;
  /** Folder of the events. */
  readonly data: string;
  /** Folder of the state that the command keeps. */
  readonly state: string;
  /** Starts a command with the arguments. */
  run(...args: readonly string[]): Running;
  /** Connects to the browser of the only profile. */
  connect(): Promise<Browser>;
  delete(): void;
}

/** A running command. */
export interface Running {
  readonly pid: number;
  readonly output: () => string;
  /** Resolves to the exit code. */
  readonly ended: Promise<number | null>;
  kill(signal: NodeJS.Signals): void;
}

/** Creates a home with a browser that tests can connect to. */
export function createHome(chromiumPath: string, display: string): Home {
  const folder = mkdtempSync(join(tmpdir(), 'vigilant-cli-'));
  const browser = join(folder, 'browser.sh');
  const flags = '--remote-debugging-port=0 --no-sandbox --disable-dev-shm-usage --lang=en-US';
  writeFileSync(browser, `#!/bin/sh\nexec "${chromiumPath}" ${flags} "$@"\n`, { mode: 0o755 });
  return new TestHome(folder, { HOME: folder, DISPLAY: display, VIGILANT_BROWSER: browser });
}

class TestHome implements Home {
  readonly folder: string;
  readonly data: string;
  readonly state: string;
  readonly #env: Readonly<Record<string, string>>;

  constructor(folder: string, env: Readonly<Record<string, string>>) {
    this.folder = folder;
    this.data = join(folder, 'data');
    this.state = join(folder, '.local', 'state', 'vigilant');
    this.#env = { PATH: process.env['PATH'] ?? '', ...env };
  }

  run(...args: readonly string[]): Running {
    const child = spawn(process.execPath, [PROGRAM, ...args], { cwd: this.folder, env: this.#env });
    let output = '';
    for (const stream of [child.stdout, child.stderr])
      stream.on('data', (chunk: Buffer) => (output += chunk.toString()));
    return {
      pid: child.pid ?? 0,
      output: () => output,
      ended: once(child, 'close').then(([code]) => code as number | null),
      kill: (signal) => void child.kill(signal),
    };
  }

  async connect(): Promise<Browser> {
    const profiles = join(this.state, 'profiles');
    const connect = async (): Promise<Browser> => {
      const [profile = ''] = readdirSync(profiles);
      const [port, path] = (await readFile(join(profiles, profile, 'DevToolsActivePort'), 'utf8')).split(
        '\n',
      );
      return chromium.connectOverCDP(`ws://127.0.0.1:${port}${path}`);
    };
    // The file of an earlier browser may still be there.
    return vi.waitFor(connect, { timeout: START_MS, interval: 100 });
  }

  delete(): void {
    rmSync(this.folder, { recursive: true, force: true, maxRetries: 5 });
  }
}

/** Returns the pages of all windows. */
export function pagesOf(browser: Browser): readonly Page[] {
  return browser.contexts().flatMap((context) => context.pages());
}

/** Waits until a number of windows shows the console. */
export async function untilOpen(browser: Browser, count = 1): Promise<readonly Page[]> {
  return vi.waitFor(
    async () => {
      const pages = pagesOf(browser);
      const titles = await Promise.all(pages.map((page) => page.title()));
      if (titles.filter((title) => title === 'Explore · Vigilant').length !== count)
        throw new Error(`The windows show: ${titles.join(', ')}`);
      return pages;
    },
    { timeout: START_MS, interval: 100 },
  );
}
