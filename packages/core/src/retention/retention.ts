import type { RetentionStatus } from '../contracts/retention';
import type { PruneResult, Store } from '../contracts/store';
import { limitDocuments } from '../query/store-answer';
import type { Clock, Timer } from '../util/clock';
import { sleep } from '../util/clock';
import type { DiagnosticSink } from '../util/diagnostics';
import { reasonOf } from '../util/errors';
import type { Lease } from './lease';
import { createLease } from './lease';
import type { ResolvedRetention } from './resolve-retention';

/** Time from the opening of the store to the first run, in milliseconds. Programs that end earlier delete nothing. */
const FIRST_MS = 10_000;

/** Pause between two runs, and between two renewals of the lease, in milliseconds. */
const PAUSE_MS = 60_000;

/**
 * Minimum pause after a run, as a multiple of its duration. If ages differ by level, a run reads every event between the
 * shortest and the longest age, which must not occupy the store all the time.
 */
const REST_FACTOR = 20;

/** Maximum of that pause, in milliseconds. */
const MAX_REST_MS = 3_600_000;

const LEASE_MS = 3 * PAUSE_MS;

/** How long the first call of `prune` in a run may take, in milliseconds. Each further call may take twice as long. */
const CALL_MS = 10_000;

/** Periodically deletes the events of a store that the rules do not keep. */
export interface Retention {
  /** Starts the timer. Called once, when the store is open. */
  start(): void;
  status(): RetentionStatus;
  /** Ends a run after its current step. Resolves once the run no longer uses the store. */
  stop(): Promise<void>;
}

/** Dependencies of retention. */
export interface RetentionParts {
  readonly store: Store;
  readonly clock: Clock;
  readonly diagnostics: DiagnosticSink;
  readonly retention: ResolvedRetention;
}

/** Creates a retention that is not started. */
export function createRetention(parts: RetentionParts): Retention {
  return new PeriodicRetention(parts);
}

class PeriodicRetention implements Retention {
  readonly #parts: RetentionParts;
  /** `undefined` if no other process can have the store open. */
  readonly #lease: Lease | undefined;
  #state: RetentionStatus['state'] = 'waiting';
  #deleted = 0;
  #lastRunAt: number | undefined;
  #nextRunAt: number | undefined;
  #failureReason: string | undefined;
  #timer: Timer | undefined;
  /** When the next run may begin, on the monotonic clock. */
  #restUntil = 0;
  /** Aborted to end the current call of `prune`. */
  #call = new AbortController();
  #running: Promise<void> | undefined;
  #isStopped = false;

  constructor(parts: RetentionParts) {
    const { store, clock } = parts;
    this.#parts = parts;
    if (store.capabilities.shared && store.documents !== undefined)
      this.#lease = createLease({
        documents: limitDocuments(store.documents, clock),
        clock,
        key: 'retention',
        durationMs: LEASE_MS,
      });
  }

  start(): void {
    if (!this.#isStopped) this.#schedule(FIRST_MS);
  }

  status(): RetentionStatus {
    return {
      ...this.#parts.retention.rules,
      state: this.#state,
      deleted: this.#deleted,
      ...(this.#lastRunAt === undefined ? {} : { lastRunAt: this.#lastRunAt }),
      ...(this.#nextRunAt === undefined ? {} : { nextRunAt: this.#nextRunAt }),
      ...(this.#failureReason === undefined ? {} : { reason: this.#failureReason }),
    };
  }

  async stop(): Promise<void> {
    this.#isStopped = true;
    this.#timer?.cancel();
    this.#nextRunAt = undefined;
    this.#call.abort();
    await this.#running;
    // If this fails, another process takes over once the lease has expired.
    await this.#lease?.release().catch(() => {});
  }

  #schedule(delayMs: number): void {
    const { clock } = this.#parts;
    this.#nextRunAt = clock.now() + Math.max(delayMs, this.#restUntil - clock.monotonic());
    this.#timer = clock.after(delayMs, () => {
      this.#nextRunAt = undefined;
      this.#running = this.#run();
    });
  }

  async #run(): Promise<void> {
    try {
      // The lease is renewed during the rest too.
      if ((await this.#holdsLease()) && this.#parts.clock.monotonic() >= this.#restUntil) await this.#prune();
      this.#failureReason = undefined;
    } catch (error) {
      this.#fail(error);
    }
    if (this.#state === 'running') this.#state = 'waiting';
    if (!this.#isStopped) this.#schedule(PAUSE_MS);
  }

  /** Obtains or renews the lease. */
  async #holdsLease(): Promise<boolean> {
    const isHolder = this.#lease === undefined || (await this.#lease.hold());
    this.#state = isHolder ? 'running' : 'standby';
    return isHolder;
  }

  /** Deletes everything that has expired. */
  async #prune(): Promise<void> {
    const { clock } = this.#parts;
    const startedAt = clock.monotonic();
    const ended = new AbortController();
    const renewed = this.#renewUntil(ended.signal);
    try {
      await this.#pruneInParts();
    } finally {
      ended.abort();
      await renewed;
      const endedAt = clock.monotonic();
      this.#restUntil = endedAt + Math.min(MAX_REST_MS, REST_FACTOR * (endedAt - startedAt));
    }
  }

  async #pruneInParts(): Promise<void> {
    // Every call begins at the earliest event and passes the kept events again. Longer calls get further.
    for (let limitMs = CALL_MS; this.#state === 'running' && !this.#isStopped; limitMs *= 2) {
      const { deleted, complete } = await this.#pruneFor(limitMs);
      this.#deleted += deleted;
      if (complete) {
        this.#lastRunAt = this.#parts.clock.now();
        return;
      }
    }
  }

  /** Prunes until no expired event is left or the time limit is reached. */
  async #pruneFor(limitMs: number): Promise<PruneResult> {
    const { store, clock, retention } = this.#parts;
    const call = (this.#call = new AbortController());
    const timer = clock.after(limitMs, () => call.abort());
    try {
      const policy = { ...retention.policyAt(clock.now()), signal: call.signal };
      return (await store.prune?.(policy)) ?? { deleted: 0, complete: true };
    } finally {
      timer.cancel();
    }
  }

  /** Renews the lease during a run, and ends the run if that fails. */
  async #renewUntil(ended: AbortSignal): Promise<void> {
    if (this.#lease === undefined) return;
    for (;;) {
      await sleep(this.#parts.clock, PAUSE_MS, ended).catch(() => {});
      if (ended.aborted) return;
      const isHolder = await this.#lease.hold().catch(() => false);
      if (ended.aborted || isHolder) continue;
      this.#state = 'standby';
      this.#call.abort();
      return;
    }
  }

  #fail(error: unknown): void {
    this.#failureReason = reasonOf(error);
    if (this.#isStopped) return;
    const message = `Deleting expired events failed and will be retried: ${this.#failureReason}`;
    this.#parts.diagnostics({ level: 'warn', component: 'retention', code: 'prune-failed', message, error });
  }
}
