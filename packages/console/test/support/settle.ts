import { setImmediate } from 'node:timers/promises';

/** Waits until the promises that are settled now, and what depends on them, have taken effect. */
export async function settle(): Promise<void> {
  for (let turn = 0; turn < 5; turn += 1) await setImmediate();
}
