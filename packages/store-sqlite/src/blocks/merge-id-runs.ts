import { DamagedBlockError, decodeHead, mergeRuns, planMerge } from '@vigilant/blocks';
import { yieldToEventLoop } from '@vigilant/core/adapter';
import type { SqliteConnection } from '../sqlite/driver';
import { inTransaction } from '../sqlite/transaction';
import type { WorkerCallContext } from '../thread/messages';
import {
  countParts,
  deleteRun,
  deleteStrayParts,
  insertPart,
  insertRun,
  openRun,
  readRuns,
  reserveRun,
} from './id-table';
import { sealedBlocks } from './sealed-blocks';
import { reportRun } from './sealed-ids';

/** Parts that are written in one transaction. */
const STEP_PARTS = 64;

/** Merges runs of ids while there are many of similar size. Other calls run between the steps. */
export async function mergeIdRuns(connection: SqliteConnection, context: WorkerCallContext): Promise<void> {
  let isClean = false;
  while (!context.isCancelled()) {
    const runs = readRuns(connection);
    const plan = planMerge(runs.map(({ entries }) => entries));
    if (plan.length === 0) return;
    // A process that ended during a merge leaves the parts that it had written.
    if (!isClean) inTransaction(connection, () => deleteStrayParts(connection));
    isClean = true;
    const merged = plan.flatMap((index) => runs[index]?.run ?? []);
    if (!(await tryMerge(connection, merged, context))) return;
  }
}

/** Merges runs into a new one. Returns `false` if that is not possible now. */
async function tryMerge(
  connection: SqliteConnection,
  merged: readonly number[],
  context: WorkerCallContext,
): Promise<boolean> {
  try {
    return await mergeInto(connection, merged, context);
  } catch (error) {
    if (!(error instanceof DamagedBlockError)) throw error;
    // Another process that has merged these runs has deleted their parts as well.
    if (areKnown(connection, merged)) reportRun(connection, merged[0] as number, error);
    return false;
  }
}

/** Merges runs into a new one. Returns `false` if it was cancelled or another process was faster. */
async function mergeInto(
  connection: SqliteConnection,
  merged: readonly number[],
  context: WorkerCallContext,
): Promise<boolean> {
  const run = inTransaction(connection, () => {
    sealedBlocks(connection).refresh();
    return reserveRun(connection);
  });
  const blocks = new Set(sealedBlocks(connection).headers.map(({ firstSequence }) => firstSequence));
  const sources = merged.map((each) => openRun(connection, each));
  const steps = mergeRuns(sources, (block) => blocks.has(block));
  let written = 0;
  let waiting: Uint8Array[] = [];
  const write = (): void => {
    for (const bytes of waiting) insertPart(connection, run, written++, bytes);
    waiting = [];
  };
  for (;;) {
    const { value, done } = steps.next();
    if (done === true)
      return inTransaction(connection, () => {
        write();
        return replaceRuns(connection, merged, run, value);
      });
    waiting.push(value);
    if (waiting.length === STEP_PARTS) inTransaction(connection, write);
    await yieldToEventLoop();
    if (context.isCancelled()) return false;
  }
}

/** Replaces runs by the merged one, unless another process has merged them or has deleted its parts. */
function replaceRuns(
  connection: SqliteConnection,
  merged: readonly number[],
  run: number,
  bytes: Uint8Array,
): boolean {
  const { entries, parts } = decodeHead(bytes);
  if (!areKnown(connection, merged) || countParts(connection, run) !== parts) return false;
  for (const each of merged) deleteRun(connection, each);
  if (entries > 0) insertRun(connection, run, entries, bytes);
  return true;
}

/** Returns whether all of these runs exist. */
function areKnown(connection: SqliteConnection, runs: readonly number[]): boolean {
  const known = new Set(readRuns(connection).map(({ run }) => run));
  return runs.every((run) => known.has(run));
}
