import { setMaxListeners } from 'node:events';

/**
 * Prepares a signal for use by many concurrent calls, and returns it. Node.js would otherwise warn of a leak at the
 * eleventh listener. Each call must remove its listener when it settles.
 */
export function sharedSignal(signal: AbortSignal | undefined): AbortSignal | undefined {
  if (signal !== undefined) setMaxListeners(0, signal);
  return signal;
}
