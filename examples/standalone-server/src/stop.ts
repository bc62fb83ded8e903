import type { Vigilant } from '@vigilant/core';
import type { GrpcServer } from '@vigilant/grpc';
import type { HttpServer } from '@vigilant/http';
import { isatty } from 'node:tty';
import { print } from './output';

/** How long running calls may take to finish, in milliseconds. */
const CALLS_GRACE_MS = 2_500;

/** How long the engine may take to write pending events, in milliseconds. */
export const ENGINE_GRACE_MS = 4_500;

/** How long stopping may take before the process exits, in milliseconds. Docker kills it after 10 s. */
const STOP_LIMIT_MS = 9_000;

/** How long a repeated signal is ignored, in milliseconds: npm forwards signals that the terminal has already sent. */
const REPEAT_MS = 1_000;

/** The parts that a signal stops. They are added as they start. */
export interface Running {
  vigilant?: Vigilant;
  readonly servers: (GrpcServer | HttpServer)[];
  /** Aborted once a signal has arrived. Nothing else may be started then. */
  readonly stopping: AbortSignal;
}

/** Stops the server on the first signal, also while it starts, and exits at once on a second one. */
export function stopOnSignals(): Running {
  const controller = new AbortController();
  const running: Running = { servers: [], stopping: controller.signal };
  let stoppingSince = 0;
  const onSignal = (signal: NodeJS.Signals): void => {
    if (!controller.signal.aborted) {
      controller.abort();
      stoppingSince = performance.now();
      void stop(running, signal);
    } else if (performance.now() - stoppingSince > REPEAT_MS) process.exit(130);
  };
  process.on('SIGINT', onSignal);
  process.on('SIGTERM', onSignal);
  // Node.js cannot detect that nohup ignores SIGHUP. A process without a terminal has no use for SIGHUP.
  const isInTerminal = [0, 1, 2].some((descriptor) => isatty(descriptor));
  process.on('SIGHUP', isInTerminal ? onSignal : () => {});
  return running;
}

/** Closes the servers concurrently, each within `graceMs`. */
export async function closeServers({ servers }: Running, graceMs: number): Promise<void> {
  await Promise.all(servers.map(async (server) => server.close({ graceMs })));
}

async function stop(running: Running, signal: string): Promise<void> {
  setTimeout(() => {
    console.error(`error: stopping took longer than ${STOP_LIMIT_MS} ms; the process exits now`);
    process.exit(1);
  }, STOP_LIMIT_MS).unref();
  const { vigilant, servers } = running;
  print(servers.length === 0 ? `${signal}: stopping before the start is complete` : `${signal}: stopping`);
  await closeServers(running, CALLS_GRACE_MS);
  if (vigilant === undefined) return;
  const { stored, left, lost } = await vigilant.close();
  print(`stopped; ${stored} stored, ${left} left for the next start, ${lost} lost`);
}
