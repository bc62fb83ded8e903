import { workerData } from 'node:worker_threads';
import type { AppendResult, StoreStatus } from '@vigilant/core';
import { VigilantError, encodeParts } from '@vigilant/core';
import type { Connection, Driver } from '../driver';
import { append } from '../store/append';
import { countDocuments, deleteDocument, getDocument, listDocuments, putDocument } from '../store/documents';
import type { PrunePolicy } from '../store/prune';
import { prune, usedBytes } from '../store/prune';
import { COLUMNS, idToSql, readRow } from '../store/row';
import { scan } from '../store/scan';
import { STORE_KIND } from '../store/schema';
import { packBytes } from '../packing';
import { Ballast } from './ballast';
import { loadDriver, openDatabase } from './database';
import type { CallContext, Handlers, WorkerSetting } from './protocol';
import { Transfer } from './protocol';
import { serve } from './serve';
import { isBroken, isFull, translateError } from './translate';

/** What this thread is for. */
export type StoreRole = 'writer' | 'reader';

const { library, path, role } = workerData as WorkerSetting & { readonly role: StoreRole };

const ballast = new Ballast(path, STORE_KIND);
let driver: Driver | undefined;
let connection: Connection | undefined;
let isDiskFull = false;
let isClosing = false;

function connect(): Connection {
  driver ??= loadDriver(library);
  connection ??= openDatabase(driver, path, STORE_KIND, role);
  return connection;
}

/** A connection that failed at reading or writing is closed; the next call begins with a fresh one. */
async function guarded<T>(work: (open: Connection) => T | Promise<T>): Promise<T> {
  try {
    if (isClosing) throw closed();
    return await work(connect());
  } catch (error) {
    if (isClosing) throw closed();
    if (isBroken(driver?.codeOf(error))) disconnect();
    throw error;
  }
}

function disconnect(): void {
  connection?.close();
  connection = undefined;
}

function closed(): VigilantError {
  return new VigilantError('VIGILANT_STORE_CLOSED', 'The SQLite store was closed meanwhile.');
}

function get(open: Connection, id: string): unknown {
  const row = open.prepare(`SELECT ${COLUMNS} FROM event WHERE id = ?`).get(idToSql(id));
  if (row === undefined) return undefined;
  const event = readRow(row);
  const chunks = packBytes([encodeParts(event.head, event.dataJson)]);
  return new Transfer({ chunks, sequence: event.sequence }, chunks);
}

function status(open: Connection): Omit<StoreStatus, 'state'> {
  const row = open.prepare('SELECT epoch, events, last_sequence, pruned_through FROM store').get();
  const [epoch, events, lastSequence, prunedThrough] = row as [string, number, number, number];
  return { epoch, events, lastSequence, prunedThrough, bytes: usedBytes(open) };
}

/** Once the disk was full, what room there is belongs to pruning, until there is enough again. */
function appendWithRoom(open: Connection, chunks: readonly ArrayBuffer[]): AppendResult {
  if (isDiskFull && !ballast.hasRoomBesides())
    throw new VigilantError('VIGILANT_STORE_FULL', `There is no room left on the disk of ${path}.`);
  try {
    const result = append(open, chunks);
    isDiskFull = false;
    return result;
  } catch (error) {
    isDiskFull = isFull(driver?.codeOf(error));
    throw error;
  }
}

/** Pruning needs some room itself. */
async function pruneWithRoom(open: Connection, policy: PrunePolicy, context: CallContext): Promise<unknown> {
  try {
    return await prune(open, policy, context);
  } catch (error) {
    if (!isFull(driver?.codeOf(error))) throw error;
    ballast.release();
    return prune(open, policy, context);
  } finally {
    // Only then does the file itself become shorter.
    open.exec('PRAGMA wal_checkpoint(TRUNCATE)');
    ballast.lay();
  }
}

const handle =
  <T>(work: (open: Connection, payload: T, context: CallContext) => unknown) =>
  (payload: T, context: CallContext) =>
    guarded((open) => work(open, payload, { isCancelled: () => isClosing || context.isCancelled() }));

const handlers = {
  open: handle(() => void (role === 'writer' && ballast.lay())),
  append: handle(appendWithRoom),
  get: handle(get),
  query: handle(scan),
  status: handle(status),
  prune: handle(pruneWithRoom),
  getDocument: handle(getDocument),
  listDocuments: handle(listDocuments),
  countDocuments: handle(countDocuments),
  putDocument: handle(putDocument),
  deleteDocument: handle(deleteDocument),
  close() {
    isClosing = true;
    disconnect();
  },
} satisfies Handlers;

serve(handlers, (error) =>
  translateError(error, driver, path, {
    full: 'VIGILANT_STORE_FULL',
    unavailable: 'VIGILANT_STORE_UNAVAILABLE',
  }),
);
