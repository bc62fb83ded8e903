import { workerData } from 'node:worker_threads';
import { VigilantError } from '@vigilant/core';
import { FULL_RETRY_MS, reasonOf, yieldToEventLoop } from '@vigilant/core/adapter';
import type { SqliteConnection, Driver } from '../sqlite/driver';
import { FreePages } from './free-pages';
import { Observer, isPendingThrough } from './observer';
import { Owners } from './owners';
import type {
  CommitRequest,
  JournalHealth,
  ObserveRequest,
  Observed,
  OpenJournalRequest,
  OpenedJournal,
  ReadRequest,
} from './journal-protocol';
import { NOTHING_OBSERVED } from './journal-protocol';
import { readBatches } from './read-batches';
import { JOURNAL_KIND } from './journal-schema';
import { commit, probe } from './commit';
import { ReservedSpace } from '../sqlite/reserved-space';
import { loadDriver, openDatabase } from '../sqlite/open';
import { scalar, truncateLog } from '../sqlite/transaction';
import { DatabaseFiles, FileChangedError, checkDatabase } from '../sqlite/database-files';
import type { WorkerHandlers, WorkerSetting } from '../thread/messages';
import { Transfer } from '../thread/messages';
import { FatalError, endThread, serve } from '../thread/serve';
import { isBroken, isFull, translateError } from '../thread/translate-error';

/** Maximum attempts to write while another process locks the journal. Each waits as long as a statement does. */
const BUSY_ATTEMPTS = 4;

/** Maximum pages that are returned to the file system at the end: 80 MiB, which takes little time. */
const CLOSE_VACUUM_PAGES = 20_000;

const NO_ROOM = 'The disk of the journal is full. Free some space.';

const { driverPlace, path, capacityBytes } = workerData as WorkerSetting & { readonly capacityBytes: number };

/** The state of this thread after `open`. */
interface OpenJournal {
  readonly owner: number;
  readonly owners: Owners;
  readonly observer: Observer;
}

const freePages = new FreePages();
const reservedSpace = new ReservedSpace(path, JOURNAL_KIND);
let driver: Driver | undefined;
let connection: SqliteConnection | undefined;
let files: DatabaseFiles | undefined;
/** Identifies the database file, once it has been opened. */
let database: string | undefined;
let journal: OpenJournal | undefined;
/** Whether only the reserved space is left on the disk, which is for acknowledgements. */
let isDiskFull = false;
/** Why the last write failed. Each maintenance tries again. */
let writeFailure: string | undefined;
let isReturningPages = false;
let isClosed = false;

function connect(): SqliteConnection {
  driver ??= loadDriver(driverPlace);
  if (connection === undefined) {
    if (database !== undefined) checkDatabase(path, database);
    const opened = openDatabase(driver, path, JOURNAL_KIND, 'writer');
    try {
      files = new DatabaseFiles(opened, path, database);
      database = files.database;
    } catch (error) {
      opened.close();
      throw error;
    }
    connection = opened;
    journal?.observer.reconnected();
  }
  return connection;
}

function disconnect(): void {
  if (connection !== undefined) files?.close();
  connection = undefined;
}

function open(request: OpenJournalRequest): OpenedJournal {
  database = request.database;
  try {
    return begin(connect());
  } catch (error) {
    if (!isFull(driver?.codeOf(error))) throw error;
    // The content of the journal can still be delivered and acknowledged.
    disconnect();
    reservedSpace.release();
    isDiskFull = true;
    return begin(connect());
  }
}

function begin(opened: SqliteConnection): OpenedJournal {
  const owners = new Owners(driver as Driver, path);
  try {
    const owner = owners.register(opened);
    const { orphaned } = owners.takeOver(opened);
    if (!isDiskFull) reservedSpace.reserve();
    journal = { owner, owners, observer: new Observer(opened, owner) };
    const hasPeers = owners.peers(opened).length > 0;
    owners.reported(orphaned);
    return { database: database as string, owner, orphaned, hasPeers };
  } catch (error) {
    owners.abandon();
    throw error;
  }
}

function write(request: CommitRequest, opened: SqliteConnection, { owner, owners }: OpenJournal): unknown {
  if (request.batches.length > 0) {
    // SQLite would write to a deleted file without an error, and the events would be lost.
    files?.check();
    isDiskFull ||= !reservedSpace.reserveFor(request.bodies.byteLength);
    if (isDiskFull) throw new VigilantError('VIGILANT_BROKER_FULL', NO_ROOM, { retryAfterMs: FULL_RETRY_MS });
  }
  const context = { owner, capacityBytes, hasPeers: () => owners.peers(opened).length > 0 };
  for (let attempt = 1; ; attempt += 1) {
    try {
      const result = commit(opened, request, context);
      if (request.batches.length > 0) {
        files?.checkWritten();
        writeFailure = undefined;
      }
      return result;
    } catch (error) {
      // A transaction that waited for the lock has not begun. Any other write must not be repeated.
      if (driver?.codeOf(error) === 'SQLITE_BUSY' && attempt < BUSY_ATTEMPTS) continue;
      writeFailure = reasonOf(error);
      throw error;
    }
  }
}

function read(request: ReadRequest, opened: SqliteConnection): Transfer {
  const batches = readBatches(opened, request);
  const bodies = batches.map(({ body }) => body);
  return new Transfer(batches, bodies);
}

/** Returns what other processes have done; only the health once the file is gone. After a failure, the next call returns it again. */
function observe(request: ObserveRequest, opened: SqliteConnection, current: OpenJournal): Transfer {
  try {
    return observeChanges(request, opened, current);
  } catch (error) {
    const change = files?.findChange();
    if (change?.subject !== 'database') throw error;
    return new Transfer({ ...NOTHING_OBSERVED, health: unhealthy(change) } satisfies Observed, []);
  }
}

function observeChanges(
  { isWatched, isMaintenance }: ObserveRequest,
  opened: SqliteConnection,
  current: OpenJournal,
): Transfer {
  const { owners, observer } = current;
  const { orphaned, failure } = isMaintenance ? owners.takeOver(opened) : { orphaned: [] };
  if (failure !== undefined && isBroken(driver?.codeOf(failure))) throw failure;
  const hasPeers = owners.peers(opened).length > 0;
  const changes = observer.poll(opened, isWatched);
  const health = isMaintenance ? { health: checkHealth(opened, current, failure) } : {};
  owners.reported(orphaned);
  return new Transfer({ ...changes, orphaned, hasPeers, ...health } satisfies Observed, changes.published);
}

/** Cleans up, and checks whether events can be written again after a failure. */
function checkHealth(
  opened: SqliteConnection,
  { owners, observer }: OpenJournal,
  failure: unknown,
): JournalHealth {
  try {
    files?.check();
    if (!owners.isOwnVisible(opened))
      throw new FatalError(
        'The lock file of this process was deleted, or another process took over its batches.',
      );
    if (failure !== undefined) throw failure;
    observer.clear(opened);
    if (freePages.check(opened)) void returnPages();
    // Only this shortens the file by its free pages.
    if (isDiskFull) truncateLog(opened);
    isDiskFull = isDiskFull ? !hasRoom(opened) : !reservedSpace.reserve();
    if (isDiskFull) return { failureReason: NO_ROOM };
    if (writeFailure !== undefined) probe(opened);
    writeFailure = undefined;
    return {};
  } catch (error) {
    if (isFull(driver?.codeOf(error))) makeRoom();
    else if (error instanceof FatalError || isUntrusted(error)) throw error;
    return unhealthy(error);
  }
}

function unhealthy(error: unknown): JournalHealth {
  return { failureReason: translate(error).message, isFileGone: error instanceof FileChangedError };
}

/** Returns free pages to the file system. Other calls run between the steps. */
async function returnPages(): Promise<void> {
  if (isReturningPages) return;
  isReturningPages = true;
  try {
    do await yieldToEventLoop();
    while (!isClosed && returnStep(undefined));
  } catch (error) {
    // After any other error, the next check tries again.
    if (error instanceof FatalError) endThread(error);
  } finally {
    isReturningPages = false;
  }
}

/** Requires free room besides the reserve, or the next event would fill the disk again. */
function hasRoom(opened: SqliteConnection): boolean {
  const pages = scalar(opened, 'PRAGMA freelist_count');
  return reservedSpace.hasFreeSpaceBesides(pages * scalar(opened, 'PRAGMA page_size'));
}

function makeRoom(): void {
  isDiskFull = true;
  reservedSpace.release();
}

/** Returns whether the journal has to be opened again after an error. */
function isUntrusted(error: unknown): boolean {
  if (error instanceof FileChangedError) return error.subject !== 'database';
  // A truncated database must not be opened again, because it may look like a new one.
  return isBroken(driver?.codeOf(error)) && files?.findChange()?.subject !== 'database';
}

/** Wraps a handler. If the connection cannot be trusted afterwards, the thread ends and a new one reads the journal again. */
const handle =
  <T>(work: (payload: T, opened: SqliteConnection, current: OpenJournal) => unknown) =>
  (payload: T) => {
    if (isClosed || journal === undefined)
      throw new VigilantError('VIGILANT_BROKER_CLOSED', 'The SQLite broker was closed during the call.');
    try {
      return work(payload, connect(), journal);
    } catch (error) {
      if (isFull(driver?.codeOf(error))) {
        makeRoom();
        // The failed write was rolled back. After some of these errors, the connection is not usable.
        if (isBroken(driver?.codeOf(error))) disconnect();
      } else if (error instanceof FatalError || isUntrusted(error)) fail(error);
      throw error;
    }
  };

function fail(error: unknown): never {
  try {
    journal?.owners.abandon();
    disconnect();
  } catch {
    // The thread ends either way.
  }
  throw error instanceof FatalError ? error : new FatalError(error);
}

const returnStep = handle((_: undefined, opened) => freePages.step(opened));

const handlers = {
  open,
  commit: handle(write),
  read: handle(read),
  observe: handle(observe),
  raise: handle((_: undefined, opened, { owners, observer }) =>
    observer.raise(opened, owners.peers(opened), owners.others(opened)),
  ),
  isPending: handle((through: number, opened, { owners }) =>
    isPendingThrough(opened, owners.others(opened), through),
  ),
  settle: handle((owner: number, opened, { owners }) => owners.settle(opened, owner)),
  close() {
    isClosed = true;
    try {
      if (connection !== undefined) {
        journal?.owners.close(connection);
        connection.exec(`PRAGMA incremental_vacuum(${CLOSE_VACUUM_PAGES})`);
      }
    } finally {
      journal?.owners.abandon();
      disconnect();
    }
  },
} satisfies WorkerHandlers;

const translate = (error: unknown) =>
  translateError(error, driver, path, {
    full: 'VIGILANT_BROKER_FULL',
    unavailable: 'VIGILANT_BROKER_UNAVAILABLE',
  });

serve(handlers, translate);
