import type { Vigilant } from '@vigilant/core';
import { consoleFiles } from '@vigilant/console';
import type { System } from '../system/system';
import { printDiagnostic } from '../system/print';
import { createActivity } from '../window/activity';
import type { Activity } from '../window/activity';
import { createTickets } from '../window/tickets';
import type { Tickets } from '../window/tickets';
import { firstWindowUrl, writeWindowFile } from '../window/window-file';
import type { WindowServer } from '../window/window-server';
import { serveWindow } from '../window/window-server';

/** How long running requests may take when the window is closed, in milliseconds. */
const REQUESTS_GRACE_MS = 1_000;

/** A window that a browser is about to open. */
export interface NewWindow {
  /** URL that the browser opens. */
  readonly url: string;
  /** Resolves to `true` once the page is open, or to `false` if it did not open in time. */
  readonly opened: Promise<boolean>;
  /** Deletes the file with the secret and revokes the secret. */
  dispose(): Promise<void>;
}

/** Source of the events that the windows of a target show. */
export interface Source {
  /** URL by which the browser remembers the position of the window. */
  readonly placementUrl: string;
  /** URL of the console. */
  readonly url: string;
  prepareWindow(): Promise<NewWindow>;
  /** Resolves once no page has used the server for `idleMs`. */
  untilUnused(idleMs: number): Promise<void>;
  /** Closes everything that this process has opened. Returns a summary to print, if there is one. */
  close(): Promise<string | undefined>;
}

/** Returns the console of a server that runs elsewhere. */
export function remoteSource(url: string): Source {
  return {
    url,
    placementUrl: url,
    prepareWindow: async () => ({ url, opened: Promise.resolve(true), dispose: async () => {} }),
    // The page does not need this process.
    untilUnused: async () => {},
    close: async () => undefined,
  };
}

/** Parts of a source in this process. */
export interface LocalSourceParts {
  readonly vigilant: Vigilant;
  readonly system: System;
  /** Folder for the files that open windows. Only this user may open it. */
  readonly windows: string;
  /** Preferred port, or 0. */
  readonly port: number;
}

/** Serves an engine of this process to the windows of this user. */
export async function createLocalSource(
  parts: LocalSourceParts,
): Promise<Source & { readonly port: number }> {
  const { vigilant, system, windows, port } = parts;
  const tickets = createTickets(system.clock);
  const activity = createActivity(system.clock);
  const onDiagnostic = printDiagnostic.bind(undefined, system);
  const server = await serveWindow(
    { vigilant, console: consoleFiles, tickets, activity, onDiagnostic },
    port,
  );
  return new LocalSource({ vigilant, windows, tickets, activity, server });
}

interface LocalParts {
  readonly vigilant: Vigilant;
  readonly windows: string;
  readonly tickets: Tickets;
  readonly activity: Activity;
  readonly server: WindowServer;
}

class LocalSource implements Source {
  readonly url: string;
  readonly port: number;
  readonly placementUrl: string;
  readonly #parts: LocalParts;

  constructor(parts: LocalParts) {
    this.url = parts.server.url;
    this.port = parts.server.port;
    this.placementUrl = firstWindowUrl(parts.windows);
    this.#parts = parts;
  }

  async prepareWindow(): Promise<NewWindow> {
    const { tickets, windows } = this.#parts;
    const ticket = tickets.issue();
    const file = await writeWindowFile(windows, this.url, ticket.secret).catch((error: unknown) => {
      ticket.revoke();
      throw error;
    });
    return {
      url: file.url,
      opened: ticket.settled.then((outcome) => outcome === 'used'),
      dispose: async () => {
        ticket.revoke();
        await file.delete();
      },
    };
  }

  untilUnused(idleMs: number): Promise<void> {
    return this.#parts.activity.untilIdle(idleMs);
  }

  async close(): Promise<string | undefined> {
    const { server, activity, vigilant } = this.#parts;
    activity.stop();
    await server.close(REQUESTS_GRACE_MS);
    const { stored, left, lost } = await vigilant.close();
    if (stored + left + lost === 0) return undefined;
    return `${stored} events stored, ${left} left for the next start, ${lost} lost`;
  }
}
