import type { Block, Bounds, ByteTexts, IdRun } from '@vigilant/blocks';
import { DamagedBlockError, findBlocks, hashIds, textAt, timesOfUuid7s } from '@vigilant/blocks';
import type { SqliteConnection } from '../sqlite/driver';
import { openRun, readRuns } from './id-table';
import { sealedBlocks } from './sealed-blocks';

/** The place of a sealed event. */
export interface SealedRow {
  readonly block: Block;
  readonly row: number;
}

/**
 * Finds the sealed events with these ids. Returns them by the index of the id.
 *
 * A block covers the times of the UUIDs of version 7 that were made shortly before their events arrived. All other ids are in
 * runs of hashes. Either only says which blocks may contain an id; the ids of these blocks are then compared.
 *
 * @param times - The times in those ids that are UUIDs of version 7, see `timesOfUuid7s`.
 */
export function findSealed(
  connection: SqliteConnection,
  ids: ByteTexts,
  times: Float64Array = timesOfUuid7s(ids),
): Map<number, SealedRow> {
  const found = new Map<number, SealedRow>();
  const blocks = sealedBlocks(connection);
  const candidates: Candidates = new Map();
  addByTime(connection, times, candidates);
  addByHash(connection, ids, candidates);
  for (const [firstSequence, wanted] of candidates) {
    const header = blocks.find(firstSequence);
    // The block may have been pruned since.
    if (header === undefined) continue;
    const block = blocks.open(header);
    const texts = wanted.map((index) => textAt(ids, index));
    const rows = block.findIds(new Set(texts));
    wanted.forEach((index, at) => {
      const row = rows.get(texts[at] as string);
      if (row !== undefined) found.set(index, { block, row });
    });
  }
  return found;
}

/** The indexes of the ids that a block may contain, by its first sequence. */
type Candidates = Map<number, number[]>;

function add(candidates: Candidates, firstSequence: number, index: number): void {
  const indexes = candidates.get(firstSequence);
  if (indexes === undefined) candidates.set(firstSequence, [index]);
  else indexes.push(index);
}

function addByTime(connection: SqliteConnection, times: Float64Array, candidates: Candidates): void {
  const sorted = times.slice().sort();
  for (const { firstSequence, idTimes } of sealedBlocks(connection).headers) {
    if (idTimes === undefined || !containsBetween(sorted, idTimes)) continue;
    for (let index = 0; index < times.length; index++) {
      const time = times[index] as number;
      if (time >= idTimes.min && time <= idTimes.max) add(candidates, firstSequence, index);
    }
  }
}

/** Returns whether one of some ascending values is within bounds. `NaN` comes last. */
function containsBetween(sorted: Float64Array, { min, max }: Bounds): boolean {
  let from = 0;
  for (let to = sorted.length; from < to;) {
    const middle = (from + to) >>> 1;
    if ((sorted[middle] as number) < min) from = middle + 1;
    else to = middle;
  }
  return (sorted[from] as number) <= max;
}

function addByHash(connection: SqliteConnection, ids: ByteTexts, candidates: Candidates): void {
  const { damage, headers, isSupported } = sealedBlocks(connection);
  if (!isSupported) return;
  const runs = new Set(readRuns(connection).map(({ run }) => run));
  if (runs.size === 0) return;
  damage.keep('run', (run) => runs.has(run));
  const hashes = hashIds(ids);
  forgetOthers(connection, runs);
  for (const run of runs) {
    try {
      const opened = openKnownRun(connection, run);
      for (const { index, block } of findBlocks([opened], hashes)) add(candidates, block, index);
    } catch (error) {
      if (!(error instanceof DamagedBlockError)) throw error;
      reportRun(connection, run, error);
      // Slow, but no id is stored twice.
      const all = Array.from(hashes.keys());
      for (const { firstSequence } of headers) candidates.set(firstSequence, all);
      return;
    }
  }
}

/** Records that a run is damaged. */
export function reportRun(connection: SqliteConnection, run: number, { reason }: DamagedBlockError): void {
  sealedBlocks(connection).damage.report('run', run, 'The index of ids', reason);
}

/** The runs of a connection that were read, by number. They never change. */
const knownRuns = new WeakMap<SqliteConnection, Map<number, IdRun>>();

function knownRunsOf(connection: SqliteConnection): Map<number, IdRun> {
  const known = knownRuns.get(connection) ?? new Map<number, IdRun>();
  knownRuns.set(connection, known);
  return known;
}

/** Opens a run, whose head is then kept in memory. @throws {DamagedBlockError} */
export function openKnownRun(connection: SqliteConnection, run: number): IdRun {
  const known = knownRunsOf(connection);
  const opened = known.get(run) ?? openRun(connection, run);
  known.set(run, opened);
  return opened;
}

/** Forgets the runs that were deleted. */
function forgetOthers(connection: SqliteConnection, runs: ReadonlySet<number>): void {
  const known = knownRunsOf(connection);
  for (const run of known.keys()) if (!runs.has(run)) known.delete(run);
}
