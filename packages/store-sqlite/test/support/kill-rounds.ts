import type { Folder } from './folder';
import { startLogger } from './program';
import { expectEachOnce, storedIds } from './stored';

/** What the rounds came to. */
export interface Killed {
  readonly accepted: number;
  readonly stored: number;
}

/** Kills a program that logs at full speed at a random moment, again and again; then checks what is stored. */
export async function killRounds(bundle: string, folder: Folder, rounds: number): Promise<Killed> {
  const accepted: string[] = [];
  for (let round = 1; round <= rounds; round += 1) {
    // A short interval, so that death comes while batches are written as well.
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
