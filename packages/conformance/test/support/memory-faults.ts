import { VigilantError } from '@vigilant/core';
import { abortable, sharedSignal } from '@vigilant/core/adapter';
import type { StoreFaults } from '../../src/index';

/** Failures of a database in memory. */
export interface MemoryFaults extends StoreFaults {
  /** Resolves when a call may reach the database. Rejects if the database fails, or if the store is abandoned while it is stalled. */
  pass(signal: AbortSignal): Promise<void> | void;
}

/** Creates the failures of one database, none of which has begun. */
export function createMemoryFaults(): MemoryFaults {
  let isFailing = false;
  let stall: { readonly over: Promise<void>; readonly end: () => void } | undefined;
  return {
    fail: () => void (isFailing = true),
    stall() {
      let end = (): void => {};
      const over = new Promise<void>((resolve) => (end = resolve));
      stall = { over, end };
    },
    restore() {
      isFailing = false;
      stall?.end();
      stall = undefined;
    },
    async pass(signal) {
      if (isFailing) throw new VigilantError('VIGILANT_STORE_UNAVAILABLE', 'The memory is lost.');
      if (stall === undefined) return;
      await abortable(stall.over, sharedSignal(signal)).catch(() => {
        throw new VigilantError('VIGILANT_STORE_CLOSED', 'The store was abandoned.');
      });
    },
  };
}
