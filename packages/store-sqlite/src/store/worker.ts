import { workerData } from 'node:worker_threads';
import type { AppendResult, StoreStatus } from '@vigilant/core';
import { VigilantError } from '@vigilant/core';
import type { SqliteConnection, Driver } from '../sqlite/driver';
import { append } from './append';
import { BLOCK_LIMITS } from '../blocks/block-limits';
import { maintain } from '../blocks/maintain';
import { sealedBlocks } from '../blocks/sealed-blocks';
import { countDocuments, getDocument, listDocuments, writeDocuments } from './documents';
import type { PrunePolicy } from '../retention/limits';
import { prune } from '../retention/prune';
import type { LogChange, Refreshed, StoreSetting } from './store-protocol';
import { DAMAGE_CHANGED, LOG_CHANGED } from './store-protocol';
import { RecentBatches } from './recent-batches';
import { getEvent, readStatus } from './reads';
import { facets, histogram } from './counts';
import { scan, scanLines } from './scan';
import { STORE_KIND } from './store-schema';
import { StoreConnection } from './store-connection';
import { ReservedSpace } from '../sqlite/reserved-space';
import { loadDriver, openDatabase } from '../sqlite/open';
import { truncateLog } from '../sqlite/transaction';
import type { WorkerCallContext, WorkerHandlers } from '../thread/messages';
import { packedBytes } from '../thread/packing';
import { notify, serve } from '../thread/serve';
import { isBroken, isFull, translateError } from '../thread/translate-error';

const { driverPlace, path, role, database, limits = BLOCK_LIMITS } = workerData as StoreSetting;

/** Interval of maintenance while this process appends nothing, in milliseconds. */
const IDLE_MAINTENANCE_MS = 30_000;

const reservedSpace = new ReservedSpace(path, STORE_KIND);
let driver: Driver | undefined;
let isDiskFull = false;
/** Whether nothing was appended since the last maintenance, and when that was. */
let isMaintained = false;
let maintainedAt = -Infinity;
const recent = new RecentBatches(() => performance.now());

const storeConnection = new StoreConnection({
  path,
  database,
  connect() {
    driver ??= loadDriver(driverPlace);
    return openDatabase(driver, path, STORE_KIND, role);
  },
  isBroken: (error) => isBroken(driver?.codeOf(error)),
  onLogChanged: (change) => notify(LOG_CHANGED, change),
  onReopened(open, isTruncated) {
    if (role === 'reader') return;
    // Positions of the old epoch may lie after the last event that is left.
    if (isTruncated) open.exec('UPDATE store SET epoch = lower(hex(randomblob(16)))');
    // Batches that are still stored only count as duplicates.
    for (const chunks of recent.all()) append(open, chunks, limits);
  },
});

function status(open: SqliteConnection): Omit<StoreStatus, 'state'> {
  const { reason } = storeConnection;
  return reason === undefined ? readStatus(open) : { ...readStatus(open), reason };
}

/** Appends events. After the disk was full, the free space is for pruning until there is enough of it. */
function appendWithRoom(open: SqliteConnection, chunks: readonly ArrayBuffer[]): AppendResult {
  isDiskFull = isDiskFull
    ? !reservedSpace.hasFreeSpaceBesides()
    : !reservedSpace.reserveFor(packedBytes(chunks));
  if (isDiskFull)
    throw new VigilantError(
      'VIGILANT_STORE_FULL',
      `The disk of ${path} is full. Free some space, or prune the store.`,
    );
  try {
    const result = append(open, chunks, limits);
    isMaintained = false;
    recent.add(chunks);
    return result;
  } catch (error) {
    isDiskFull = isFull(driver?.codeOf(error));
    throw error;
  }
}

/** Prunes. Releases the reserved space if the disk is full, because deleting needs some space. */
async function pruneWithRoom(
  open: SqliteConnection,
  policy: PrunePolicy,
  context: WorkerCallContext,
): Promise<unknown> {
  try {
    return await prune(open, policy, context);
  } catch (error) {
    if (!isFull(driver?.codeOf(error))) throw error;
    reservedSpace.release();
    return prune(open, policy, context);
  } finally {
    // The file becomes smaller only now.
    if (!storeConnection.isReplaced) truncateLog(open);
    reservedSpace.reserve();
  }
}

/** Seals rows. Other processes seal their own; this one checks for theirs every `IDLE_MAINTENANCE_MS`. */
async function maintainNow(open: SqliteConnection, _: unknown, context: WorkerCallContext): Promise<void> {
  isMaintained = true;
  try {
    await maintain(open, context, limits);
    maintainedAt = performance.now();
  } catch (error) {
    isMaintained = false;
    throw error;
  }
}

type Work<T> = (open: SqliteConnection, payload: T, context: WorkerCallContext) => unknown;

const withContext =
  <T>(work: Work<T>, payload: T, context: WorkerCallContext) =>
  (open: SqliteConnection) =>
    work(open, payload, { isCancelled: () => storeConnection.isInterrupted || context.isCancelled() });

const reads =
  <T>(work: Work<T>) =>
  (payload: T, context: WorkerCallContext) =>
    storeConnection.read(withContext(work, payload, context));

const writes =
  <T>(work: Work<T>) =>
  (payload: T, context: WorkerCallContext) =>
    storeConnection.write(async (open) => {
      try {
        return await withContext(work, payload, context)(open);
      } finally {
        notifyDamage(open);
      }
    });

let knownDamage: string | undefined;

/** Notifies the host of damage that this thread has found, because the other thread answers calls for the status. */
function notifyDamage(open: SqliteConnection): void {
  const { message } = sealedBlocks(open).damage;
  if (message !== knownDamage) notify(DAMAGE_CHANGED, message);
  knownDamage = message;
}

const handlers = {
  open: reads(() => void (role === 'writer' && reservedSpace.reserve())),
  append: writes(appendWithRoom),
  get: reads(getEvent),
  query: reads(scan),
  queryLines: reads(scanLines),
  histogram: reads(histogram),
  facets: reads(facets),
  status: () => storeConnection.readAnyway(status),
  prune: writes(pruneWithRoom),
  getDocument: reads(getDocument),
  listDocuments: reads(listDocuments),
  countDocuments: reads(countDocuments),
  writeDocuments: writes(writeDocuments),
  maintain: writes(maintainNow),
  refresh(): Refreshed {
    recent.forgetOld();
    storeConnection.refresh();
    const isDue = !isMaintained || performance.now() - maintainedAt >= IDLE_MAINTENANCE_MS;
    return { isDue, isQuiet: isMaintained && recent.isEmpty };
  },
  release: (change: LogChange) => storeConnection.release(change),
  resume: () => storeConnection.resume(),
  close: () => storeConnection.close(),
} satisfies WorkerHandlers;

serve(handlers, (error) =>
  translateError(error, driver, path, {
    full: 'VIGILANT_STORE_FULL',
    unavailable: 'VIGILANT_STORE_UNAVAILABLE',
  }),
);
