import type { CloseResult, Vigilant } from '@vigilant/core';
import type { HttpHandler } from '@vigilant/http';
import type { Server } from 'node:http';

/** The parts of a running shop. */
export interface Running {
  readonly server: Server;
  readonly events: HttpHandler;
  readonly vigilant: Vigilant;
}

const GRACE_MS = 5_000;

/** Stops the shop: ends the tails, waits for running requests, and stores all events. */
export async function stop({ server, events, vigilant }: Running): Promise<CloseResult> {
  const closed = new Promise((resolve) => server.close(resolve));
  await events.close({ graceMs: GRACE_MS });
  server.closeIdleConnections();
  // Connections whose requests are not complete.
  setTimeout(() => server.closeAllConnections(), GRACE_MS).unref();
  await closed;
  return vigilant.close();
}
