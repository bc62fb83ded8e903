import type { ByteTexts, IdRun, IdValues } from '@vigilant/blocks';
import { DamagedBlockError, decodeHead, encodeRun, hashIds, idsOutside, selectTexts } from '@vigilant/blocks';
import type { SqliteConnection, SqlRow } from '../sqlite/driver';
import { scalar } from '../sqlite/transaction';
import type { BlockKey } from './block-table';

/** Number of places that each run has in the table of parts. */
const PLACES = 2 ** 20;

/** Adds a run with the ids of a block that are outside its bounds. Must run in a transaction. */
export function insertIds(
  connection: SqliteConnection,
  key: BlockKey,
  ids: ByteTexts,
  values: IdValues,
): void {
  const hashes = hashIds(selectTexts(ids, idsOutside(values, key)));
  if (hashes.length === 0) return;
  const { head, parts } = encodeRun(hashes, key.firstSequence);
  const run = reserveRun(connection);
  parts.forEach((bytes, part) => insertPart(connection, run, part, bytes));
  insertRun(connection, run, hashes.length, head);
}

/** Returns the number of a new run. Must run in a transaction. */
export function reserveRun(connection: SqliteConnection): number {
  connection.exec('UPDATE store SET last_run = last_run + 1');
  return scalar(connection, 'SELECT last_run FROM store');
}

/** Inserts a part of a run that is not visible yet. */
export function insertPart(connection: SqliteConnection, run: number, part: number, bytes: Uint8Array): void {
  connection.prepare('INSERT INTO id_part (place, bytes) VALUES (?, ?)').run(run * PLACES + part, bytes);
}

/** Makes a run visible whose parts were inserted. */
export function insertRun(
  connection: SqliteConnection,
  run: number,
  entries: number,
  head: Uint8Array,
): void {
  connection.prepare('INSERT INTO id_run (run, entries, head) VALUES (?, ?, ?)').run(run, entries, head);
}

/** Deletes a run and its parts. */
export function deleteRun(connection: SqliteConnection, run: number): void {
  connection.prepare('DELETE FROM id_run WHERE run = ?').run(run);
  deleteParts(connection, run);
}

/** Deletes the parts of runs that do not exist. */
export function deleteStrayParts(connection: SqliteConnection): void {
  const known = new Set(readRuns(connection).map(({ run }) => run));
  const next = connection.prepare('SELECT min(place) FROM id_part WHERE place >= ?');
  for (let from = 0; ;) {
    const place = next.get(from)?.[0];
    if (typeof place !== 'number') return;
    const run = Math.floor(place / PLACES);
    if (!known.has(run)) deleteParts(connection, run);
    from = (run + 1) * PLACES;
  }
}

/** Returns the number of parts of a run. */
export function countParts(connection: SqliteConnection, run: number): number {
  const row = connection
    .prepare('SELECT count(*) FROM id_part WHERE place BETWEEN ? AND ?')
    .get(run * PLACES, run * PLACES + PLACES - 1);
  return Number(row?.[0]);
}

function deleteParts(connection: SqliteConnection, run: number): void {
  connection
    .prepare('DELETE FROM id_part WHERE place BETWEEN ? AND ?')
    .run(run * PLACES, run * PLACES + PLACES - 1);
}

/** Reads the numbers of the runs and of their entries. */
export function readRuns(connection: SqliteConnection): { readonly run: number; readonly entries: number }[] {
  return connection
    .prepare('SELECT run, entries FROM id_run ORDER BY run')
    .all()
    .map(([run, entries]) => ({ run: run as number, entries: entries as number }));
}

/** Opens a run, whose parts are read when they are needed. @throws {DamagedBlockError} */
export function openRun(connection: SqliteConnection, run: number): IdRun {
  const head = decodeHead(blobOf(connection.prepare('SELECT head FROM id_run WHERE run = ?').get(run)));
  const read = connection.prepare('SELECT bytes FROM id_part WHERE place = ?');
  return { head, readPart: (part) => blobOf(read.get(run * PLACES + part)) };
}

function blobOf(row: SqlRow | undefined): Uint8Array {
  const blob = row?.[0];
  if (blob instanceof Uint8Array) return blob;
  throw new DamagedBlockError('it is missing');
}
