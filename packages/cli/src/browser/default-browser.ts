import { reasonOf, withTimeout } from '@vigilant/core/adapter';
import { once } from 'node:events';
import type { System } from '../system/system';
import { CliError } from '../system/system';
import type { Browser } from './browser';
import { defaultBrowserCommand } from './browser-command';

/** Remedy if no browser can be started. */
const REMEDY = 'Install Chromium, Chrome, Edge or Brave, or pass the path of one with --browser.';

/**
 * How long to wait for the program to exit, in milliseconds. Without a desktop environment, the program is the browser itself
 * and keeps running.
 */
const START_MS = 5_000;

/**
 * Creates a browser that opens pages in the default browser of the user, which does not report when they are closed.
 *
 * @param untilUnused - Resolves once no page has used the server for a while.
 */
export function createDefaultBrowser(system: System, untilUnused: () => Promise<void>): Browser {
  return new DefaultBrowser(system, untilUnused);
}

class DefaultBrowser implements Browser {
  readonly name = 'the default browser';
  readonly ended: Promise<{ readonly failure: string | undefined }>;
  readonly #system: System;
  readonly #untilUnused: () => Promise<void>;
  #end: (end: { readonly failure: string | undefined }) => void = () => {};

  constructor(system: System, untilUnused: () => Promise<void>) {
    this.#system = system;
    this.#untilUnused = untilUnused;
    this.ended = new Promise((resolve) => (this.#end = resolve));
  }

  async open(url: string): Promise<void> {
    const { program, args } = defaultBrowserCommand(this.#system, url);
    // The program may be the browser itself, which outlives this process.
    const { spawn, clock, env, stopping } = this.#system;
    const child = spawn(program, args, { env, stdio: 'ignore', detached: true });
    child.unref();
    const exited = once(child, 'exit') as Promise<[code: number | null]>;
    const [code] = await withTimeout(exited, {
      clock,
      timeoutMs: START_MS,
      onTimeout: () => [0] as [number],
      signal: stopping,
    }).catch((error: unknown) => {
      stopping.throwIfAborted();
      throw new CliError(`${program} cannot be started: ${reasonOf(error)}. ${REMEDY}`);
    });
    if (code !== 0) throw new CliError(`${program} ended with exit code ${code}. ${REMEDY}`);
    void this.#untilUnused().then(() => this.#end({ failure: undefined }));
  }

  async close(): Promise<void> {}
}
