import type { Clock } from '../util/clock';
import { sleep } from '../util/clock';
import { withTimeout } from '../util/signals';
import type { BarrierResult, Broker } from '../contracts/broker';

/** Pause between barriers while the engine shuts down, in milliseconds. */
const RETRY_MS = 100;

/** Waits until the events accepted so far are stored. */
export interface StoreBarrier {
  /** Resolves within the timeout, or at once while events cannot be stored. Rejects only when the signal is aborted. */
  wait(timeoutMs: number, signal?: AbortSignal): Promise<BarrierResult>;
  /** Waits until everything is stored or the timeout expires, despite failures. For shutting down. Never rejects. */
  waitDespiteFailures(timeoutMs: number): Promise<BarrierResult>;
}

/** Dependencies of `StoreBarrier`. */
export interface StoreBarrierParts {
  readonly broker: Broker;
  readonly clock: Clock;
  /** Resolves when the broker holds every event accepted before the call. */
  readonly drained: () => Promise<void>;
  /** Returns why events cannot be stored at present. */
  readonly failureReason: () => string | undefined;
}

/** A barrier that several callers share. */
interface Round {
  readonly result: Promise<BarrierResult>;
  readonly settle: (result: BarrierResult) => void;
  timeoutMs: number;
}

/** Creates the barrier of an engine. At most one barrier runs and one waits, however many queries there are. */
export function createStoreBarrier(parts: StoreBarrierParts): StoreBarrier {
  return new CoalescedBarrier(parts);
}

class CoalescedBarrier implements StoreBarrier {
  readonly #parts: StoreBarrierParts;
  #running: Round | undefined;
  #waiting: Round | undefined;

  constructor(parts: StoreBarrierParts) {
    this.#parts = parts;
  }

  async wait(timeoutMs: number, signal?: AbortSignal): Promise<BarrierResult> {
    signal?.throwIfAborted();
    if (timeoutMs <= 0 || this.#parts.failureReason() !== undefined) return this.#unfinished();
    const { result } = this.#join(timeoutMs);
    // The barrier runs anyway, so that the consumer flushes once the broker is available again.
    if (this.#parts.broker.status().isBlocked === true) return this.#unfinished();
    return this.#within(result, timeoutMs, signal);
  }

  async waitDespiteFailures(timeoutMs: number): Promise<BarrierResult> {
    const { clock } = this.#parts;
    const deadline = clock.monotonic() + timeoutMs;
    for (let leftMs = timeoutMs; ; leftMs = deadline - clock.monotonic()) {
      const reached = await this.#within(this.#join(leftMs).result, leftMs);
      if (reached.complete || clock.monotonic() + RETRY_MS >= deadline) return reached;
      await sleep(clock, RETRY_MS, undefined, { keepAlive: true });
    }
  }

  #unfinished(): BarrierResult {
    return { complete: false, pending: this.#parts.broker.status().pendingEvents };
  }

  async #barrier(timeoutMs: number): Promise<BarrierResult> {
    const { broker, clock, drained } = this.#parts;
    const giveUp = new AbortController();
    const timer = clock.after(timeoutMs, () => giveUp.abort());
    try {
      await drained();
      return await broker.barrier({ signal: giveUp.signal });
    } catch {
      return this.#unfinished();
    } finally {
      timer.cancel();
    }
  }

  async #run(round: Round): Promise<void> {
    this.#running = round;
    round.settle(await this.#barrier(round.timeoutMs));
    this.#running = undefined;
    const next = this.#waiting;
    this.#waiting = undefined;
    if (next !== undefined) void this.#run(next);
  }

  #join(timeoutMs: number): Round {
    if (this.#running === undefined) {
      const round = createRound(timeoutMs);
      void this.#run(round);
      return round;
    }
    this.#waiting ??= createRound(timeoutMs);
    this.#waiting.timeoutMs = Math.max(this.#waiting.timeoutMs, timeoutMs);
    return this.#waiting;
  }

  /** Waits for a shared result, up to the timeout of one caller. */
  #within(result: Promise<BarrierResult>, timeoutMs: number, signal?: AbortSignal): Promise<BarrierResult> {
    const { clock } = this.#parts;
    return withTimeout(result, { clock, timeoutMs, signal, onTimeout: () => this.#unfinished() });
  }
}

function createRound(timeoutMs: number): Round {
  let settle: (result: BarrierResult) => void = () => {};
  const result = new Promise<BarrierResult>((resolve) => (settle = resolve));
  return { result, settle, timeoutMs };
}
