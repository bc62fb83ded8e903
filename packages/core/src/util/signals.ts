import { setMaxListeners } from 'node:events';

/**
 * Prepares a signal that a caller may give to many calls at once: Node would warn of a leak from the eleventh on.
 *
 * Each call takes its listener away when it is done.
 */
export function sharedSignal(signal: AbortSignal | undefined): AbortSignal | undefined {
  if (signal !== undefined) setMaxListeners(0, signal);
  return signal;
}
