import type { BlockLimits } from '../../src/blocks/block-limits';
import type { Folder } from './folder';
import { startLogger } from './program';
import { expectEachOnce, storedIds } from './stored';

/** Totals of all rounds. */
export interface Killed {
  readonly accepted: number;
  readonly stored: number;
}

/**
 * Limits with which a program seals rows and writes blocks all the time. The store seals once a second, and each seal takes
 * many steps, so that processes also end in the middle of one.
 */
export const SEALING: BlockLimits = {
  directEvents: 64,
  maxRows: 20,
  maxRowBytes: 1e9,
  blockEvents: 16,
  blockBytes: 1e6,
};

/** Repeatedly kills a program that logs under load, then checks that each accepted event is stored once. */
export async function killRounds(
  bundle: string,
  folder: Folder,
  rounds: number,
  limits?: BlockLimits,
): Promise<Killed> {
  const accepted: string[] = [];
  for (let round = 1; round <= rounds; round += 1) {
    // A short interval, so that the program is also killed while it writes batches.
    const logger = startLogger(bundle, [
      ...[folder.path, `round${round}`, 20, 20, 1e6],
      ...(limits === undefined ? [] : [JSON.stringify(limits)]),
    ]);
    await logger.until(100);
    // Sealing begins a second after the start.
    const [shortest, longest] = limits === undefined ? [0, 500] : [1_000, 2_500];
    const pause = shortest + Math.random() * (longest - shortest);
    await new Promise((resolve) => setTimeout(resolve, pause));
    logger.kill('SIGKILL');
    await logger.ended;
    accepted.push(...logger.accepted);
  }
  const stored = await storedIds(folder.path);
  expectEachOnce(stored, accepted);
  return { accepted: accepted.length, stored: stored.length };
}
