import type { Server } from '../../../../scripts/services/server.mjs';
import type { Place, Report } from './watched-server';

/** Maximum time until a fault is reported, and until its end is reported, in milliseconds. */
const DETECT_MS = 30_000;
const RECOVER_MS = 120_000;

/** Maximum time until servers that a fault does not affect are ready, in milliseconds. */
const READY_MS = 30_000;

/** Longer than the session of a member of the group, in milliseconds. */
const FROZEN_MS = 15_000;

/** A fault, and its end. */
export interface Fault {
  readonly name: string;
  start(): Promise<void>;
  end(): Promise<void>;
  /** Minimum duration, in milliseconds. */
  readonly durationMs: number;
  /** Places that must report it. */
  readonly reportedBy: readonly Place[];
  /** The reason that they report. */
  readonly reason: RegExp;
  /** Places that must be ready while it lasts. */
  readonly readyPlaces: readonly Place[];
}

/** Creates the faults of three servers, their Kafka and their database. */
export function createFaults(
  [first, second, third]: readonly [Place, Place, Place],
  kafka: Server,
  mariadb: Server,
): readonly Fault[] {
  const all = [first, second, third];
  return [
    {
      name: 'a server is killed',
      start: () => second.stop('SIGKILL'),
      end: () => second.start(),
      durationMs: 0,
      reportedBy: [first, third],
      reason: /server/,
      readyPlaces: [],
    },
    {
      name: 'a server is stopped',
      start: () => third.stop('SIGTERM'),
      end: () => third.start(),
      durationMs: 7_000,
      reportedBy: [],
      reason: /./,
      readyPlaces: [first, second],
    },
    {
      name: 'Kafka is killed',
      start: () => kafka.kill(),
      end: () => kafka.start(),
      durationMs: 5_000,
      reportedBy: all,
      reason: /Kafka/,
      readyPlaces: [],
    },
    {
      name: 'the database is restarted',
      start: () => mariadb.stop(),
      end: () => mariadb.start(),
      durationMs: 0,
      reportedBy: all,
      reason: /store|MySQL|MariaDB|database/i,
      readyPlaces: [],
    },
    {
      name: 'a server is frozen',
      start: async () => void first.server.child.kill('SIGSTOP'),
      end: async () => void first.server.child.kill('SIGCONT'),
      durationMs: FROZEN_MS,
      reportedBy: [second, third],
      reason: /server/,
      readyPlaces: [],
    },
  ];
}

/** Causes a fault, ends it and waits until all places are ready. Throws if it is reported too late or does not clear. */
export async function runFault(fault: Fault, places: readonly Place[]): Promise<void> {
  const { name, reportedBy, readyPlaces, reason, durationMs } = fault;
  const isReported = (state: string, reasons: string): boolean =>
    state === 'degraded' && reason.test(reasons);
  const isReady = (state: string): boolean => state === 'ready';
  const startedAt = Date.now();
  await fault.start();
  await Promise.all([
    ...reportedBy.map((place) => waitForReport(place, `${name}: reported`, startedAt, DETECT_MS, isReported)),
    new Promise((resolve) => setTimeout(resolve, durationMs)),
  ]);
  const lastsSince = Date.now();
  await Promise.all(
    readyPlaces.map((place) => waitForReport(place, `${name}: ready`, lastsSince, READY_MS, isReady)),
  );
  await fault.end();
  const endedAt = Date.now();
  await Promise.all(
    places.map((place) => waitForReport(place, `${name}: recovered`, endedAt, RECOVER_MS, isReady)),
  );
}

/** Waits for a report of a place. */
export async function waitForReport(
  place: Place,
  what: string,
  since: number,
  withinMs: number,
  isExpected: (state: string, reasons: string) => boolean,
): Promise<void> {
  for (;;) {
    const reports = place.reports().filter(({ at }) => at > since);
    if (reports.some(({ state, reasons }) => isExpected(state, reasons.join()))) return;
    if (Date.now() > since + withinMs)
      throw new Error(
        `Timed out after ${withinMs} ms: ${what}. Reports: ${JSON.stringify(changes(reports))}.`,
      );
    await new Promise((resolve) => setTimeout(resolve, 250));
  }
}

/** Returns the reports whose state differs from the previous one. */
function changes(reports: readonly Report[]): readonly Report[] {
  return reports.filter(({ state }, index) => state !== reports[index - 1]?.state);
}
