import type { Clock } from '../util/clock';
import type { Broker } from '../contracts/broker';
import type { Store } from '../contracts/store';
import type { Scheduler } from '../delivery/scheduler';
import type { DiagnosticSink } from '../util/diagnostics';
import { reasonOf } from '../util/errors';
import { withTimeout } from '../util/signals';
import type { Opener } from './opener';
import type { CloseResult } from '../contracts/vigilant';

/** Minimum time limit of a step, in milliseconds. Long enough for an aborted operation to settle. */
const LAST_MS = 500;

/** Share of the grace time that is reserved for closing the adapters. */
const CLOSING_SHARE = 0.1;

/** Dependencies of `shutDown`. */
export interface ShutDownParts {
  readonly clock: Clock;
  readonly graceMs: number;
  readonly broker: Broker;
  readonly store: Store;
  readonly diagnostics: DiagnosticSink;
  readonly brokerOpener: Opener;
  readonly storeOpener: Opener;
  readonly drained: () => Promise<void>;
  /** Waits until everything is stored or the timeout expires. */
  readonly settle: (timeoutMs: number) => Promise<unknown>;
  /** `undefined` until broker and store are open. */
  readonly scheduler: () => Scheduler | undefined;
  readonly endTails: () => Promise<void>;
  /** Aborts all pending operations of the adapters. */
  readonly abandon: () => void;
}

/** Writes pending events within the grace time, then closes everything. A failed step does not stop later ones. */
export async function shutDown(parts: ShutDownParts): Promise<CloseResult> {
  const { clock, broker, store, diagnostics, brokerOpener, storeOpener } = parts;
  const deadline = clock.monotonic() + parts.graceMs;
  const storedBy = deadline - parts.graceMs * CLOSING_SHARE;
  let hasFailed = false;

  /** Runs a step within the remaining time. A failure is reported and does not stop later steps. */
  const step = async (
    what: string,
    work: () => Promise<unknown> | undefined,
    by = deadline,
  ): Promise<void> => {
    const timeoutMs = Math.max(LAST_MS, by - clock.monotonic());
    const onTimeout = (): never => {
      throw new Error('it took too long');
    };
    try {
      await withTimeout(Promise.resolve(work()), { clock, timeoutMs, onTimeout });
    } catch (error) {
      hasFailed = true;
      const message = `${what}: ${reasonOf(error)}`;
      diagnostics({ level: 'warn', component: 'engine', code: 'close-failed', message, error });
    }
  };

  parts.scheduler()?.hurry();
  await step('Pending events were not all published', () => parts.drained(), storedBy);
  if (brokerOpener.state === 'open' && broker.status().pendingEvents > 0)
    await step('The store did not open', () => storeOpener.opened(), storedBy);
  const scheduler = parts.scheduler();
  scheduler?.hurry();
  if (scheduler !== undefined)
    await step('Published events were not all stored', () =>
      parts.settle(Math.max(1, storedBy - clock.monotonic())),
    );
  await step('Tails did not end', () => parts.endTails());
  await step('The adapters did not stop opening', () =>
    Promise.all([brokerOpener.stop(), storeOpener.stop()]),
  );
  await step('The running write did not end', () => parts.scheduler()?.stop());
  const { pendingEvents, isVolatile, reason } = broker.status();
  const { settledRecords = 0 } = parts.scheduler() ?? {};
  const settledBefore = countSettled(parts.scheduler());
  if (hasFailed) parts.abandon();
  await step('The broker did not close', () => broker.close());
  await step('The store did not close', () => store.close());
  parts.abandon();
  const stored = parts.scheduler()?.status().stored ?? 0;
  // A write can end while the adapters close.
  const settledSince = countSettled(parts.scheduler()) - settledBefore;
  const unsettled = Math.max(0, pendingEvents - settledRecords - settledSince);
  const isMemory = broker.capabilities.durability === 'memory';
  const isLost = isMemory || isVolatile === true;
  if (isLost && unsettled > 0)
    diagnostics({
      level: 'error',
      component: 'engine',
      code: 'events-lost',
      message: isMemory
        ? `${unsettled} event(s) of the memory broker were lost: they could not be stored in time.`
        : `${unsettled} event(s) of the broker were lost: they could not be stored in time.${reason === undefined ? '' : ` ${reason}`}`,
    });
  return { stored, left: isLost ? 0 : unsettled, lost: isLost ? unsettled : 0 };
}

/** Returns the number of records that became events of the store or dead letters. */
function countSettled(scheduler: Scheduler | undefined): number {
  if (scheduler === undefined) return 0;
  const { stored, duplicates, deadLetters } = scheduler.status();
  return stored + duplicates + deadLetters;
}
