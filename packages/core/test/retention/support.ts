import { onTestFinished } from 'vitest';
import type { AdapterContext } from '../../src/contracts/context';
import type { Store } from '../../src/contracts/store';
import type { Vigilant } from '../../src/contracts/vigilant';
import { createVigilant } from '../../src/engine/engine';
import type { VigilantOptions } from '../../src/engine/options';
import { createMemoryStore } from '../../src/memory/memory-store';
import { createManualClock } from '../../src/util/clock';
import type { Diagnostic } from '../../src/util/diagnostics';

export const FIRST_MS = 10_000;
export const MINUTE_MS = 60_000;
export const HOUR_MS = 60 * MINUTE_MS;

/** A memory store that several engines open and that no engine closes. */
export async function sharedStore(changes: Partial<Store> = {}): Promise<Store> {
  const store = createMemoryStore();
  await store.open({} as AdapterContext);
  return Object.assign(store, {
    capabilities: { ...store.capabilities, shared: true },
    close: async () => {},
    ...changes,
  });
}

/** Creates an engine that is closed at the end of the test. */
export function setUp(options: VigilantOptions, clock = createManualClock()) {
  const diagnostics: Diagnostic[] = [];
  const onDiagnostic = (diagnostic: Diagnostic): void => void diagnostics.push(diagnostic);
  const vigilant = createVigilant({ batch: { intervalMs: 1 }, clock, onDiagnostic, ...options });
  onTestFinished(() => close(vigilant, clock));
  return { vigilant, clock, diagnostics };
}

/** Closes an engine whose clock stands still otherwise. */
export async function close(vigilant: Vigilant, clock: ReturnType<typeof createManualClock>): Promise<void> {
  let isClosed = false;
  const closing = vigilant.close().then(() => (isClosed = true));
  while (!isClosed) await clock.advance(1_000);
  await closing;
}

export const retentionOf = async (vigilant: Vigilant) => (await vigilant.status()).retention;
