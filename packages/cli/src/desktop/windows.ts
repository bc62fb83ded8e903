import type { Browser } from '../browser/browser';
import { CliError } from '../system/system';
import { TICKET_MS } from '../window/tickets';
import type { Instance } from './instance';
import type { Source } from './source';

/** Dependencies of the windows of a target. */
export interface WindowsParts {
  readonly source: Source;
  readonly browser: Browser;
  readonly instance: Instance;
  /** Aborted when the user asks the process to end. */
  readonly stopping: AbortSignal;
  readonly print: (text: string) => void;
}

/**
 * Opens a window, and another one for each later start. Once all windows are closed, or the user asks the process to end,
 * closes the browser and the source.
 *
 * @throws {CliError} if the browser fails
 */
export async function runWindows(parts: WindowsParts): Promise<void> {
  const { source, browser, instance, print } = parts;
  const windows = new Windows(parts);
  try {
    await windows.open();
    instance.onOpen(() => windows.open());
    await windows.untilClosed();
  } finally {
    instance.stopAnswering();
    windows.stopOpening();
    await browser.close();
    await windows.settled();
    const summary = await source.close();
    print(summary === undefined ? 'closed' : `closed; ${summary}`);
  }
}

class Windows {
  readonly #parts: WindowsParts;
  readonly #stopped: Promise<'stopped'>;
  readonly #opening = new Set<Promise<void>>();
  #isEnding = false;

  constructor(parts: WindowsParts) {
    this.#parts = parts;
    const { stopping } = parts;
    this.#stopped = new Promise((resolve) => {
      if (stopping.aborted) resolve('stopped');
      stopping.addEventListener('abort', () => resolve('stopped'), { once: true });
    });
  }

  async open(): Promise<void> {
    const opening = this.#open();
    this.#opening.add(opening);
    await opening.finally(() => this.#opening.delete(opening));
  }

  /** Opens no further windows: nothing would close a browser that starts after `Browser.close`. */
  stopOpening(): void {
    this.#isEnding = true;
  }

  async untilClosed(): Promise<void> {
    const end = await Promise.race([this.#parts.browser.ended, this.#stopped]);
    if (end !== 'stopped' && end.failure !== undefined) throw new CliError(end.failure);
  }

  /** Resolves once no window is opening. */
  async settled(): Promise<void> {
    await Promise.allSettled(this.#opening);
  }

  async #open(): Promise<void> {
    const { source, browser, stopping } = this.#parts;
    if (stopping.aborted || this.#isEnding) return;
    const window = await source.prepareWindow();
    try {
      // The last window may have been closed in the meantime.
      if (stopping.aborted || this.#isEnding) return;
      await browser.open(window.url);
      const outcome = await Promise.race([window.opened, browser.ended, this.#stopped]);
      if (outcome === true || outcome === 'stopped') return;
      throw new CliError(
        outcome === false
          ? `${browser.name} did not open the window within ${TICKET_MS / 1000} s. Try again, or choose another browser with --browser.`
          : (outcome.failure ??
              `${browser.name} ended before its window was open. Choose another one with --browser.`),
      );
    } finally {
      await window.dispose();
    }
  }
}
