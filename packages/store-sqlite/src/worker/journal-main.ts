import { existsSync } from 'node:fs';
import { workerData } from 'node:worker_threads';
import { VigilantError } from '@vigilant/core';
import type { Connection, Driver } from '../driver';
import { Observer, isPendingThrough } from '../journal/observer';
import { Owners } from '../journal/owners';
import type { CommitRequest, ObserveRequest, Observed, Opened, ReadRequest } from '../journal/protocol';
import { readBatches } from '../journal/read';
import { JOURNAL_KIND } from '../journal/schema';
import { commit } from '../journal/write';
import { Ballast } from './ballast';
import { loadDriver, openDatabase } from './database';
import type { Handlers, WorkerSetting } from './protocol';
import { Transfer } from './protocol';
import { serve } from './serve';
import { isBroken, isFull, translateError } from './translate';

/** How often a write is begun again while another process holds the journal; each waits as long as a statement does. */
const BUSY_ATTEMPTS = 4;

/** Pages that are given back to the file system at the end: some 80 MiB, which takes no noticeable time. */
const FAREWELL_PAGES = 20_000;

/** How long a refused sender should wait, in milliseconds. */
const FULL_RETRY_MS = 1_000;

const { library, path, capacityBytes } = workerData as WorkerSetting & { readonly capacityBytes: number };

/** What this thread works with once it is open. */
interface Journal {
  readonly owner: number;
  readonly owners: Owners;
  readonly ballast: Ballast;
  observer: Observer;
}

let driver: Driver | undefined;
let connection: Connection | undefined;
let journal: Journal | undefined;
/** There is no room on the disk but what the ballast made, which is for acknowledgements. */
let isDiskFull = false;
let isClosed = false;

function connect(): Connection {
  driver ??= loadDriver(library);
  if (connection === undefined) {
    connection = openDatabase(driver, path, JOURNAL_KIND, 'writer');
    if (journal !== undefined) journal.observer = new Observer(connection, journal.owner);
  }
  return connection;
}

function open(): Opened {
  const opened = connect();
  const owners = new Owners(driver as Driver, path);
  try {
    const owner = owners.register(opened);
    const estates = owners.takeOver(opened);
    const ballast = new Ballast(path, JOURNAL_KIND);
    ballast.lay();
    journal = { owner, owners, ballast, observer: new Observer(opened, owner) };
    return { owner, estates, hasPeers: owners.peers(opened).length > 0 };
  } catch (error) {
    owners.abandon();
    throw error;
  }
}

function write(request: CommitRequest, opened: Connection, { owner, owners }: Journal): unknown {
  // Into a file that was deleted SQLite writes on, and nobody would ever see it again.
  if (request.batches.length > 0 && !existsSync(path))
    throw new VigilantError(
      'VIGILANT_BROKER_UNAVAILABLE',
      `${path} was moved or deleted while it was in use; put it back and start again.`,
    );
  if (isDiskFull && request.batches.length > 0)
    throw new VigilantError('VIGILANT_BROKER_FULL', 'There is no room left on the disk of the journal.', {
      retryAfterMs: FULL_RETRY_MS,
    });
  const context = { owner, capacityBytes, hasPeers: () => owners.peers(opened).length > 0 };
  for (let attempt = 1; ; attempt += 1) {
    try {
      return commit(opened, request, context);
    } catch (error) {
      // Nothing has begun while the lock is waited for; anything else is not to be done twice.
      if (driver?.codeOf(error) !== 'SQLITE_BUSY' || attempt >= BUSY_ATTEMPTS) throw error;
    }
  }
}

function read(request: ReadRequest, opened: Connection): Transfer {
  const batches = readBatches(opened, request);
  return new Transfer(
    batches,
    batches.map(({ body }) => body),
  );
}

function observe({ isWatched, isRound }: ObserveRequest, opened: Connection, current: Journal): Transfer {
  const { owners, observer, ballast } = current;
  const estates = isRound ? owners.takeOver(opened) : [];
  const look = observer.look(opened, isWatched);
  if (isRound) {
    observer.clear(opened);
    isDiskFull = !ballast.lay();
  }
  const observed: Observed = { ...look, estates, hasPeers: owners.peers(opened).length > 0, isDiskFull };
  return new Transfer(observed, look.published);
}

/** A connection that failed at reading or writing is closed; the next call begins with a fresh one. */
const handle =
  <T>(work: (payload: T, opened: Connection, current: Journal) => unknown) =>
  (payload: T) => {
    if (isClosed || journal === undefined)
      throw new VigilantError('VIGILANT_BROKER_CLOSED', 'The SQLite broker was closed meanwhile.');
    try {
      return work(payload, connect(), journal);
    } catch (error) {
      const code = driver?.codeOf(error);
      if (isFull(code)) {
        isDiskFull = true;
        journal.ballast.release();
      }
      if (isBroken(code)) disconnect();
      throw error;
    }
  };

function disconnect(): void {
  connection?.close();
  connection = undefined;
}

const handlers = {
  open,
  commit: handle(write),
  read: handle(read),
  observe: handle(observe),
  raise: handle((_: undefined, opened, { owners, observer }) => observer.raise(opened, owners.peers(opened))),
  isPending: handle((through: number, opened, { owners }) =>
    isPendingThrough(opened, owners.peers(opened), through),
  ),
  settle: handle((owner: number, opened, { owners }) => owners.settle(opened, owner)),
  close() {
    isClosed = true;
    try {
      if (connection !== undefined) {
        journal?.owners.close(connection);
        connection.exec(`PRAGMA incremental_vacuum(${FAREWELL_PAGES})`);
      }
    } finally {
      journal?.owners.abandon();
      disconnect();
    }
  },
} satisfies Handlers;

serve(handlers, (error) =>
  translateError(error, driver, path, {
    full: 'VIGILANT_BROKER_FULL',
    unavailable: 'VIGILANT_BROKER_UNAVAILABLE',
  }),
);
