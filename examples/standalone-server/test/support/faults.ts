import type { Server } from '../../../../scripts/services/server.mjs';
import type { Place, Report } from './watched-server';

/** How soon a fault has to show, and how soon after its end that has to be over, in milliseconds. */
const SHOWS_MS = 10_000;
const CLEARS_MS = 30_000;

/** How soon those report that all is well whom a fault does not concern, in milliseconds: less than silence is remembered. */
const FINE_MS = 10_000;

/** Longer than the session of a member of the group. */
const STOPPED_MS = 15_000;

/** Something that goes wrong, and ends. */
export interface Fault {
  readonly name: string;
  strike(): Promise<void>;
  /** Where it has to show. */
  readonly showsAt: readonly Place[];
  /** Where all is well soon, though it lasts. */
  readonly isFineAt?: readonly Place[];
  /** What it says there. */
  readonly reason: RegExp;
  /** How long it lasts at least, in milliseconds. */
  readonly lastsMs: number;
  mend(): Promise<void>;
}

/** What can happen to three servers, their Kafka and their database. */
export function createFaults(
  [first, second, third]: readonly [Place, Place, Place],
  kafka: Server,
  mariadb: Server,
): readonly Fault[] {
  const all = [first, second, third];
  return [
    {
      ...{ name: 'a server is killed', showsAt: [first, third], reason: /server/, lastsMs: 0 },
      strike: () => second.stop('SIGKILL'),
      mend: () => second.start(),
    },
    {
      ...{ name: 'a server is stopped', showsAt: [], reason: /./, lastsMs: 7_000 },
      isFineAt: [first, second],
      strike: () => third.stop('SIGTERM'),
      mend: () => third.start(),
    },
    {
      ...{ name: 'Kafka is killed', showsAt: all, reason: /Kafka/, lastsMs: 5_000 },
      strike: () => kafka.kill(),
      mend: () => kafka.start(),
    },
    {
      ...{
        name: 'the database is restarted',
        showsAt: all,
        reason: /store|MySQL|MariaDB|database/i,
        lastsMs: 0,
      },
      strike: () => mariadb.stop(),
      mend: () => mariadb.start(),
    },
    {
      ...{ name: 'a server stands still', showsAt: [second, third], reason: /server/, lastsMs: STOPPED_MS },
      strike: async () => void first.server.child.kill('SIGSTOP'),
      mend: async () => void first.server.child.kill('SIGCONT'),
    },
  ];
}

/** Lets a fault happen and waits until all is well again. Throws when it shows too late, or stays. */
export async function suffer(fault: Fault, places: readonly Place[]): Promise<void> {
  const { name, showsAt, isFineAt = [], reason, lastsMs } = fault;
  const struckAt = Date.now();
  await fault.strike();
  await Promise.all([
    ...showsAt.map((place) =>
      reported(place, `${name}: shows`, struckAt, SHOWS_MS, (state, reasons) => {
        return state === 'degraded' && reason.test(reasons);
      }),
    ),
    new Promise((resolve) => setTimeout(resolve, lastsMs)),
  ]);
  const isFine = (state: string): boolean => state === 'ready';
  await Promise.all(
    isFineAt.map((place) => reported(place, `${name}: no matter`, Date.now(), FINE_MS, isFine)),
  );
  await fault.mend();
  const mendedAt = Date.now();
  await Promise.all(places.map((place) => reported(place, `${name}: is over`, mendedAt, CLEARS_MS, isFine)));
}

/** Waits for a report of a place. */
export async function reported(
  place: Place,
  what: string,
  since: number,
  withinMs: number,
  isIt: (state: string, reasons: string) => boolean,
): Promise<void> {
  for (;;) {
    const late = place.reports().filter(({ at }) => at > since);
    if (late.some(({ state, reasons }) => isIt(state, reasons.join()))) return;
    if (Date.now() > since + withinMs)
      throw new Error(`${what}: not within ${withinMs} ms. It says ${JSON.stringify(changes(late))}.`);
    await new Promise((resolve) => setTimeout(resolve, 250));
  }
}

/** Reports that differ from the one before. */
function changes(reports: readonly Report[]): readonly Report[] {
  return reports.filter(({ state }, index) => state !== reports[index - 1]?.state);
}
