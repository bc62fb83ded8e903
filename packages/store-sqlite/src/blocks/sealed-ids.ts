import type { Block, IdRun } from '@vigilant/blocks';
import { DamagedBlockError, findBlocks, hashId, timeOfUuid7 } from '@vigilant/blocks';
import type { SqliteConnection } from '../sqlite/driver';
import { openRun, readHead, readRuns } from './id-table';
import { sealedBlocks } from './sealed-blocks';

/** The place of a sealed event. */
export interface SealedRow {
  readonly block: Block;
  readonly row: number;
}

/**
 * Finds the sealed events with these ids.
 *
 * A block covers the times of the UUIDs of version 7 that were made shortly before their events arrived. All other ids are in
 * runs of hashes. Either only says which blocks may contain an id; the ids of these blocks are then compared.
 */
export function findSealed(connection: SqliteConnection, ids: readonly string[]): Map<string, SealedRow> {
  const found = new Map<string, SealedRow>();
  const blocks = sealedBlocks(connection);
  const candidates = new Map<number, string[]>();
  addByTime(connection, ids, candidates);
  addByHash(connection, ids, candidates);
  for (const [firstSequence, wanted] of candidates) {
    const header = blocks.find(firstSequence);
    // The block may have been pruned since.
    if (header === undefined) continue;
    const block = blocks.open(header);
    const rows = rowsById(block);
    for (const id of wanted) {
      const row = rows.get(id);
      if (row !== undefined) found.set(id, { block, row });
    }
  }
  return found;
}

/** Adds an id to the candidates of a block. */
function add(candidates: Map<number, string[]>, firstSequence: number, id: string): void {
  const ids = candidates.get(firstSequence);
  if (ids === undefined) candidates.set(firstSequence, [id]);
  else ids.push(id);
}

function addByTime(
  connection: SqliteConnection,
  ids: readonly string[],
  candidates: Map<number, string[]>,
): void {
  const times = ids.map(timeOfUuid7);
  let min = Infinity;
  let max = -Infinity;
  for (const time of times) {
    if (time === undefined) continue;
    if (time < min) min = time;
    if (time > max) max = time;
  }
  const isNear = (bounds: { readonly min: number; readonly max: number }): boolean =>
    bounds.min <= max && bounds.max >= min;
  for (const { firstSequence, idTimes } of sealedBlocks(connection).headers) {
    if (idTimes === undefined || !isNear(idTimes)) continue;
    times.forEach((time, index) => {
      if (time !== undefined && time >= idTimes.min && time <= idTimes.max)
        add(candidates, firstSequence, ids[index] as string);
    });
  }
}

function addByHash(
  connection: SqliteConnection,
  ids: readonly string[],
  candidates: Map<number, string[]>,
): void {
  try {
    const runs = openRuns(connection);
    if (runs.length === 0) return;
    for (const { index, block } of findBlocks(runs, Float64Array.from(ids, hashId)))
      add(candidates, block, ids[index] as string);
  } catch (error) {
    if (!(error instanceof DamagedBlockError)) throw error;
    // Slow, but no id is stored twice.
    const blocks = sealedBlocks(connection);
    blocks.report('The index of ids', error.message);
    for (const { firstSequence } of blocks.headers) candidates.set(firstSequence, [...ids]);
  }
}

/** The runs of a connection that were read, by number. They never change. */
const knownRuns = new WeakMap<SqliteConnection, Map<number, IdRun>>();

function openRuns(connection: SqliteConnection): readonly IdRun[] {
  if (!sealedBlocks(connection).isSupported) return [];
  const known = knownRuns.get(connection) ?? new Map<number, IdRun>();
  const current = new Map(
    readRuns(connection).map(({ run }) => [
      run,
      known.get(run) ?? openRun(connection, run, readHead(connection, run)),
    ]),
  );
  knownRuns.set(connection, current);
  return [...current.values()];
}

const knownRows = new WeakMap<Block, Map<string, number>>();

function rowsById(block: Block): ReadonlyMap<string, number> {
  const known = knownRows.get(block);
  if (known !== undefined) return known;
  const rows = new Map<string, number>();
  for (let row = 0; row < block.header.count; row++) rows.set(block.value('id', row), row);
  knownRows.set(block, rows);
  return rows;
}
