import type { Folder } from './folder';
import { startLogger } from './program';
import { expectEachOnce, storedIds } from './stored';

/** Totals of all rounds. */
export interface Killed {
  readonly accepted: number;
  readonly stored: number;
}

/** Repeatedly kills a program that logs under load, then checks that each accepted event is stored once. */
export async function killRounds(bundle: string, folder: Folder, rounds: number): Promise<Killed> {
  const accepted: string[] = [];
  for (let round = 1; round <= rounds; round += 1) {
    // A short interval, so that the program is also killed while it writes batches.
    const logger = startLogger(bundle, [folder.path, `round${round}`, 20, 20]);
    await logger.until(100);
    await new Promise((resolve) => setTimeout(resolve, Math.random() * 500));
    logger.kill('SIGKILL');
    await logger.ended;
    accepted.push(...logger.accepted);
  }
  const stored = await storedIds(folder.path);
  expectEachOnce(stored, accepted);
  return { accepted: accepted.length, stored: stored.length };
}
