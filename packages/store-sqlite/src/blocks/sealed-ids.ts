import type { Block, Bounds, ByteTexts, IdRun, IdValues } from '@vigilant/blocks';
import { DamagedBlockError, findBlocks, hashIds, idValuesOf, isWithin, textAt } from '@vigilant/blocks';
import type { SqliteConnection } from '../sqlite/driver';
import type { BlockKey } from './block-table';
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
 * A block has bounds of the times and of the numbers in its ids, see `IdBounds`. The ids outside of them are in runs of hashes.
 * Both only select the blocks that may contain an id, whose ids are then compared.
 *
 * @param values - The times and numbers that the ids contain.
 */
export function findSealed(
  connection: SqliteConnection,
  ids: ByteTexts,
  values: IdValues = idValuesOf(ids),
): Map<number, SealedRow> {
  const found = new Map<number, SealedRow>();
  const blocks = sealedBlocks(connection);
  const candidates: Candidates = new Map();
  addByBounds(blocks.headers, values, candidates);
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

function addByBounds(keys: readonly BlockKey[], { times, numbers }: IdValues, candidates: Candidates): void {
  const addTimes = createAdder(times, candidates);
  const addNumbers = createAdder(numbers, candidates);
  for (const { firstSequence, idTimes, idNumbers } of keys) {
    addTimes(firstSequence, idTimes);
    addNumbers(firstSequence, idNumbers);
  }
}

/** Returns a function that adds the values that are within the bounds of a block. */
function createAdder(
  values: Float64Array,
  candidates: Candidates,
): (firstSequence: number, bounds: Bounds | undefined) => void {
  const sorted = values.slice().sort();
  return (firstSequence, bounds) => {
    if (bounds === undefined || !containsBetween(sorted, bounds)) return;
    for (let index = 0; index < values.length; index++)
      if (isWithin(values[index] as number, bounds)) add(candidates, firstSequence, index);
  };
}

/** Returns whether any of the ascending values is within bounds. `NaN` comes last. */
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
