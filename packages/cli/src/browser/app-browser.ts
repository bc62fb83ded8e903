import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { reasonOf, sleep } from '@vigilant/core/adapter';
import type { System } from '../system/system';
import { CliError } from '../system/system';
import type { Browser } from './browser';
import type { Command } from './browser-command';
import { windowCommand } from './browser-command';
import type { AppBrowser } from './candidates';
import type { ErrorOutput } from './error-output';
import { createErrorOutput } from './error-output';
import type { Placement } from './placement';
import { isProfileInUse } from './profile';

/** How long a browser may take to end after SIGTERM, in milliseconds. */
const CLOSE_MS = 2_000;

/** Interval at which the profile is checked for a browser of an earlier process, in milliseconds. */
const CHECK_MS = 500;

/** Parts of a browser. */
export interface AppBrowserParts {
  readonly system: System;
  readonly browser: AppBrowser;
  readonly profile: string;
  readonly placement: Placement | undefined;
}

/** Creates a browser that opens windows without tabs and an address bar. */
export function createAppBrowser(parts: AppBrowserParts): Browser {
  return new ChromiumBrowser(parts);
}

class ChromiumBrowser implements Browser {
  readonly name: string;
  readonly ended: Promise<{ readonly failure: string | undefined }>;
  readonly #parts: AppBrowserParts;
  readonly #children = new Set<ChildProcess>();
  readonly #closing = new AbortController();
  #end: (end: { readonly failure: string | undefined }) => void = () => {};

  constructor(parts: AppBrowserParts) {
    this.name = parts.browser.name;
    this.#parts = parts;
    this.ended = new Promise((resolve) => (this.#end = resolve));
  }

  async open(url: string): Promise<void> {
    const { system, browser, profile, placement } = this.#parts;
    // Only the first window is placed; otherwise all windows would overlap exactly.
    const place = this.#children.size === 0 ? placement : undefined;
    await this.#start(windowCommand(system, browser, { url, profile, placement: place }));
  }

  async close(): Promise<void> {
    this.#closing.abort();
    const ended = Promise.all([...this.#children].map((child) => once(child, 'exit')));
    for (const child of this.#children) child.kill('SIGTERM');
    const timer = this.#parts.system.clock.after(
      CLOSE_MS,
      () => {
        for (const child of this.#children) child.kill('SIGKILL');
      },
      { keepAlive: true },
    );
    await ended;
    timer.cancel();
  }

  async #start({ program, args }: Command): Promise<void> {
    const { spawn, platform, env } = this.#parts.system;
    const child = spawn(program, args, {
      env,
      stdio: ['ignore', 'ignore', 'pipe'],
      // Ctrl+C in the terminal reaches only this process, which then closes the browser.
      detached: platform !== 'win32',
    });
    const errors = createErrorOutput(child.stderr);
    this.#children.add(child);
    child.on('error', () => {});
    child.once('exit', (code) => void this.#onExit(child, code, errors));
    try {
      await once(child, 'spawn');
    } catch (error) {
      this.#children.delete(child);
      throw new CliError(
        `${program} cannot be started: ${reasonOf(error)}. Choose another browser with --browser.`,
      );
    }
  }

  async #onExit(child: ChildProcess, code: number | null, errors: ErrorOutput): Promise<void> {
    this.#children.delete(child);
    if (this.#children.size > 0) return;
    if (code !== 0 && code !== null) return this.#end({ failure: this.#describe(code, errors.quote()) });
    // The browser of an earlier process that was killed may have opened the window.
    await this.#untilProfileIsFree();
    if (this.#children.size === 0) this.#end({ failure: undefined });
  }

  async #untilProfileIsFree(): Promise<void> {
    const { system, profile } = this.#parts;
    const { signal } = this.#closing;
    while (!signal.aborted && (await isProfileInUse(profile, system)))
      await sleep(system.clock, CHECK_MS, signal, { keepAlive: true }).catch(() => {});
  }

  #describe(code: number, output: string): string {
    const { path } = this.#parts.browser;
    const quoted = output === '' ? '.' : `:\n${output}`;
    return `${path} ended with exit code ${code}${quoted}\nChoose another browser with --browser.`;
  }
}
