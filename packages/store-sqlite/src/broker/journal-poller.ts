import type { AdapterContext, Timer } from '@vigilant/core';
import { reasonOf } from '@vigilant/core/adapter';
import type { Observed } from '../journal/journal-protocol';
import type { JournalClient } from './journal-client';

/** Interval of polls while other processes have the journal open and this one is not idle, in milliseconds. */
export const POLL_MS = 50;

/** Interval of maintenance, and of polls otherwise, in milliseconds. */
const MAINTENANCE_MS = 1_000;

/** Dependencies of a `JournalPoller`. */
export interface JournalPollerOptions {
  readonly journal: JournalClient;
  readonly context: AdapterContext;
  readonly isWatched: () => boolean;
  /** Returns whether this process has no watch and no unacknowledged event, so that it may notice changes late. */
  readonly isIdle: () => boolean;
  readonly observed: (observed: Observed) => void;
}

/** Polls the journal for changes of other processes. */
export class JournalPoller {
  readonly #options: JournalPollerOptions;
  #timer: Timer | undefined;
  /** Interval of the timer. */
  #intervalMs = MAINTENANCE_MS;
  #isStopped = false;
  #maintainedAt: number;
  #failureReason: string | undefined;
  /** Number of watches that are about to begin. */
  #beginning = 0;
  #hasPeers: boolean;

  constructor(options: JournalPollerOptions, hasPeers: boolean) {
    this.#options = options;
    this.#hasPeers = hasPeers;
    this.#maintainedAt = options.context.clock.monotonic();
    this.#schedule();
  }

  /** Why the last poll failed; `undefined` if it succeeded. */
  get failureReason(): string | undefined {
    return this.#failureReason;
  }

  /** Skips what other processes have published: a watch that begins afterwards shows only later events. */
  async skip(): Promise<void> {
    this.#beginning += 1;
    this.wake();
    try {
      await this.#poll(false);
    } finally {
      this.#beginning -= 1;
    }
  }

  /** Shortens the interval at once. Called when the process may no longer be idle. */
  wake(): void {
    if (this.#timer === undefined || this.#nextIntervalMs() >= this.#intervalMs) return;
    this.#timer.cancel();
    this.#schedule();
  }

  /** @param isWatched - Whether a watch needs the events published since the last poll. */
  async #poll(isWatched: boolean): Promise<void> {
    const { journal, context, observed } = this.#options;
    const now = context.clock.monotonic();
    const isMaintenance = now - this.#maintainedAt >= MAINTENANCE_MS;
    if (isMaintenance) this.#maintainedAt = now;
    const seen = await journal.observe({ isWatched, isMaintenance });
    this.#hasPeers = seen.hasPeers;
    if (!this.#isStopped) observed(seen);
  }

  stop(): void {
    this.#isStopped = true;
    this.#timer?.cancel();
  }

  #schedule(): void {
    if (this.#isStopped) return;
    this.#intervalMs = this.#nextIntervalMs();
    this.#timer = this.#options.context.clock.after(this.#intervalMs, () => {
      this.#timer = undefined;
      // Events after the skip of a watch belong to that watch.
      this.#poll(this.#options.isWatched() || this.#beginning > 0).then(
        () => {
          this.#failureReason = undefined;
          this.#schedule();
        },
        (error: unknown) => {
          this.#report(error);
          this.#schedule();
        },
      );
    });
  }

  #nextIntervalMs(): number {
    const isIdle = this.#beginning === 0 && this.#options.isIdle();
    return this.#hasPeers && !isIdle ? POLL_MS : MAINTENANCE_MS;
  }

  #report(error: unknown): void {
    if (this.#isStopped) return;
    const isRepeated = this.#failureReason !== undefined;
    const message = `The changes of other processes to the journal cannot be read: ${reasonOf(error)}`;
    this.#failureReason = message;
    if (isRepeated) return;
    this.#options.context.diagnostics({
      level: 'warn',
      component: 'sqlite-broker',
      code: 'observe-failed',
      message,
      error,
    });
  }
}
