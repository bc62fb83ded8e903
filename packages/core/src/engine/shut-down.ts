import type { BrokerStatus } from '../contracts/broker';
import type { CloseResult } from '../contracts/vigilant';
import type { Scheduler } from '../delivery/scheduler';
import { reasonOf } from '../util/errors';
import { withTimeout } from '../util/signals';
import type { Opener } from './opener';
import type { EngineParts } from './wiring';

/** Minimum time limit of a step, in milliseconds. Long enough for an aborted operation to settle. */
const MIN_STEP_MS = 500;

/** Time limit of an aborted attempt to open an adapter, in milliseconds. */
const ABORTED_OPEN_MS = 1_000;

/** Share of the grace time that is reserved for closing the adapters. */
const CLOSING_SHARE = 0.1;

/** Writes pending events within the grace time, then closes everything. A failed step does not stop later ones. */
export function shutDown(parts: EngineParts): Promise<CloseResult> {
  return new ShutDown(parts).run();
}

class ShutDown {
  readonly #parts: EngineParts;
  readonly #deadline: number;
  /** When to stop waiting for pending events, on the monotonic clock. */
  readonly #storedBy: number;
  #hasFailed = false;

  constructor(parts: EngineParts) {
    const { clock, graceMs } = parts.options;
    this.#parts = parts;
    this.#deadline = clock.monotonic() + graceMs;
    this.#storedBy = this.#deadline - graceMs * CLOSING_SHARE;
  }

  async run(): Promise<CloseResult> {
    const { broker, brokerOpener } = this.#parts.adapters;
    const retentionEnded = this.#parts.retention?.stop();
    await this.#storePending();
    await this.#stop(retentionEnded);
    const status = broker.status();
    // A broker that this engine has not opened may report the events of another engine.
    const pending = brokerOpener.state === 'open' ? status.pendingEvents : 0;
    const unsettled = pending - (this.#scheduler?.settledRecords ?? 0);
    const settledBefore = countSettled(this.#scheduler);
    await this.#closeAdapters();
    // A write can end while the adapters close.
    const settledSince = countSettled(this.#scheduler) - settledBefore;
    return this.#report(status, Math.max(0, unsettled - settledSince));
  }

  get #scheduler(): Scheduler | undefined {
    return this.#parts.adapters.scheduler;
  }

  /** Publishes and stores the accepted events. */
  async #storePending(): Promise<void> {
    const { options, adapters, intake, storeBarrier } = this.#parts;
    const { broker, brokerOpener, storeOpener } = adapters;
    this.#scheduler?.hurry();
    await this.#step('Not all pending events were published', () => intake.drained(), this.#storedBy);
    if (brokerOpener.state === 'open' && broker.status().pendingEvents > 0)
      await this.#step('The store did not open', () => storeOpener.opened(), this.#storedBy);
    if (this.#scheduler === undefined) return;
    this.#scheduler.hurry();
    const timeoutMs = Math.max(1, this.#storedBy - options.clock.monotonic());
    await this.#step('Not all published events were stored', () =>
      storeBarrier.waitDespiteFailures(timeoutMs),
    );
  }

  /** Ends everything that uses the adapters. */
  async #stop(retentionEnded: Promise<void> | undefined): Promise<void> {
    const { adapters, hub } = this.#parts;
    // Tails come first, so that a tail that waits for an adapter ends without an error.
    const tailsEnded = hub.close();
    adapters.stopOpening();
    await this.#step('Tails did not end', () => tailsEnded);
    await this.#step('The running write did not end', () => this.#scheduler?.stop());
    await this.#step('Retention did not end', () => retentionEnded);
  }

  async #closeAdapters(): Promise<void> {
    const { adapters } = this.#parts;
    const { brokerOpener, storeOpener } = adapters;
    if (this.#hasFailed) adapters.abandon();
    await this.#step('The broker did not close', () => brokerOpener.close(), this.#closedBy(brokerOpener));
    await this.#step('The store did not close', () => storeOpener.close(), this.#closedBy(storeOpener));
    adapters.abandon();
  }

  /** Returns the deadline for closing an adapter. One that is still opening has received no events of this engine. */
  #closedBy({ state }: Opener): number {
    if (state === 'open') return this.#deadline;
    return Math.min(this.#deadline, this.#parts.options.clock.monotonic() + ABORTED_OPEN_MS);
  }

  /** Runs a step within the remaining time. A failure is reported and does not stop later steps. */
  async #step(what: string, work: () => Promise<unknown> | undefined, by = this.#deadline): Promise<void> {
    const { options, diagnostics } = this.#parts;
    const { clock } = options;
    const timeoutMs = Math.max(MIN_STEP_MS, by - clock.monotonic());
    const onTimeout = (): never => {
      throw new Error('it took too long');
    };
    try {
      await withTimeout(Promise.resolve(work()), { clock, timeoutMs, onTimeout });
    } catch (error) {
      this.#hasFailed = true;
      const message = `${what}: ${reasonOf(error)}`;
      diagnostics({ level: 'warn', component: 'engine', code: 'close-failed', message, error });
    }
  }

  /** Returns the result, and reports lost events. */
  #report({ isVolatile, reason }: BrokerStatus, unsettled: number): CloseResult {
    const { adapters, diagnostics, intake } = this.#parts;
    const { invalid, failed } = intake.status();
    const rejected = invalid + failed;
    const stored = this.#scheduler?.status().stored ?? 0;
    const isMemory = adapters.broker.capabilities.durability === 'memory';
    if (!isMemory && isVolatile !== true) return { stored, left: unsettled, lost: 0, rejected };
    const advice = isMemory || reason === undefined ? '' : ` ${reason}`;
    if (unsettled > 0)
      diagnostics({
        level: 'error',
        component: 'engine',
        code: 'events-lost',
        message: `${unsettled} event(s) of the ${isMemory ? 'memory broker' : 'broker'} were lost: they could not be stored in time.${advice}`,
      });
    return { stored, left: 0, lost: unsettled, rejected };
  }
}

/** Returns the number of records that became events of the store or dead letters. */
function countSettled(scheduler: Scheduler | undefined): number {
  if (scheduler === undefined) return 0;
  const { stored, duplicates, deadLetters } = scheduler.status();
  return stored + duplicates + deadLetters;
}
