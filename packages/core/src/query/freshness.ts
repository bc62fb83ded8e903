import type { Clock, Timer } from '../clock';
import type { BarrierResult, Broker } from '../contracts/broker';

/** Waits until what was accepted before is stored. */
export interface Freshness {
  /** Answers within the timeout, complete or not; never rejects but by the signal. */
  raise(timeoutMs: number, signal?: AbortSignal): Promise<BarrierResult>;
}

/** What freshness works with. */
export interface FreshnessParts {
  readonly broker: Broker;
  readonly clock: Clock;
  /** Resolves when every event accepted before is with the broker. */
  readonly drained: () => Promise<void>;
  /** Why nothing moves at the moment: then nobody waits. */
  readonly trouble: () => string | undefined;
}

/** A barrier that several callers share. */
interface Round {
  readonly result: Promise<BarrierResult>;
  readonly settle: (result: BarrierResult) => void;
  timeoutMs: number;
}

/** Creates the freshness of an engine. At most one barrier runs and one waits behind it, whoever asks. */
export function createFreshness({ broker, clock, drained, trouble }: FreshnessParts): Freshness {
  let running: Round | undefined;
  let waiting: Round | undefined;

  const unfinished = (): BarrierResult => ({ complete: false, pending: broker.status().pendingEvents });

  const barrier = async (timeoutMs: number): Promise<BarrierResult> => {
    const giveUp = new AbortController();
    const timer = clock.after(timeoutMs, () => giveUp.abort());
    try {
      await drained();
      return await broker.barrier({ signal: giveUp.signal });
    } catch {
      return unfinished();
    } finally {
      timer.cancel();
    }
  };

  const run = async (round: Round): Promise<void> => {
    running = round;
    round.settle(await barrier(round.timeoutMs));
    running = undefined;
    const next = waiting;
    waiting = undefined;
    if (next !== undefined) void run(next);
  };

  const join = (timeoutMs: number): Round => {
    if (running === undefined) {
      const round = createRound(timeoutMs);
      void run(round);
      return round;
    }
    waiting ??= createRound(timeoutMs);
    waiting.timeoutMs = Math.max(waiting.timeoutMs, timeoutMs);
    return waiting;
  };

  return {
    async raise(timeoutMs, signal) {
      signal?.throwIfAborted();
      if (timeoutMs <= 0 || trouble() !== undefined) return unfinished();
      const { result } = join(timeoutMs);
      let timer: Timer | undefined;
      let onAbort: (() => void) | undefined;
      const gaveUp = new Promise<BarrierResult>((resolve, reject) => {
        timer = clock.after(timeoutMs, () => resolve(unfinished()), { keepAlive: true });
        onAbort = () => reject(signal?.reason as Error);
        signal?.addEventListener('abort', onAbort, { once: true });
      });
      try {
        return await Promise.race([result, gaveUp]);
      } finally {
        timer?.cancel();
        if (onAbort !== undefined) signal?.removeEventListener('abort', onAbort);
      }
    },
  };
}

function createRound(timeoutMs: number): Round {
  let settle: (result: BarrierResult) => void = () => {};
  const result = new Promise<BarrierResult>((resolve) => (settle = resolve));
  return { result, settle, timeoutMs };
}
