import { sleep } from '@vigilant/core';
import type { BarrierOptions, BarrierResult, Clock } from '@vigilant/core';
import type { KafkaClient } from '../contracts/kafka-client';
import { encodeControl } from './control-message';
import type { Offsets, Progress } from '../offsets/group-progress';

/** How often the positions of other servers are asked for, at first and at most, in milliseconds. */
const FIRST_LOOK_MS = 20;
const LAST_LOOK_MS = 200;

/** How often others are reminded: one may have started after the first call, in milliseconds. */
const REMIND_MS = 500;

/** What a barrier works with. */
export interface BarrierParts {
  readonly client: KafkaClient;
  readonly controlTopic: string;
  readonly progress: Progress;
  readonly clock: Clock;
  /** Ends with the broker. */
  readonly closing: AbortSignal;
  /** Tells this process's own consumption. */
  readonly flushThrough: (ends: Offsets) => void;
}

/** Waits until the group has committed everything that the topic holds now. */
export async function raiseBarrier(parts: BarrierParts, { signal }: BarrierOptions): Promise<BarrierResult> {
  const { client, controlTopic, progress, clock, closing, flushThrough } = parts;
  if (signal.aborted || closing.aborted) return incomplete(progress);
  const giveUp = AbortSignal.any([signal, closing]);
  const ends = await until(
    giveUp,
    progress.ends().catch(() => undefined),
  );
  if (ends === undefined) return incomplete(progress);
  const isReached = (): boolean => progress.pending(ends) === 0;
  if (!isReached())
    await until(
      giveUp,
      progress.refreshCommitted().catch(() => {}),
    );

  let remindAt = -Infinity;
  for (
    let pauseMs = FIRST_LOOK_MS;
    !isReached() && !giveUp.aborted;
    pauseMs = Math.min(LAST_LOOK_MS, pauseMs * 2)
  ) {
    if (clock.monotonic() >= remindAt) {
      flushThrough(ends);
      // Nobody waits for it: whether others heard shows in their positions.
      void client.produce(controlTopic, [{ key: '', value: encodeControl({ flush: ends }) }]).catch(() => {});
      remindAt = clock.monotonic() + REMIND_MS;
    }
    await changeOrPause(parts, pauseMs, giveUp);
    if (!isReached())
      await until(
        giveUp,
        progress.refreshCommitted().catch(() => {}),
      );
  }
  return isReached() && !closing.aborted
    ? { complete: true, pending: 0 }
    : { complete: false, pending: progress.pending(ends) };
}

function incomplete(progress: Progress): BarrierResult {
  return { complete: false, pending: progress.pending() };
}

/** Waits for a pause, cut short when this process commits something. */
async function changeOrPause(
  { progress, clock }: BarrierParts,
  ms: number,
  signal: AbortSignal,
): Promise<void> {
  const changed = new AbortController();
  const forget = progress.onChange(() => changed.abort());
  await sleep(clock, ms, AbortSignal.any([signal, changed.signal]), { keepAlive: true }).catch(() => {});
  forget();
}

/** Waits for a result that cannot be taken back, or for the signal. */
async function until<T>(signal: AbortSignal, result: Promise<T>): Promise<T | undefined> {
  let onAbort = (): void => {};
  const aborted = new Promise<undefined>((resolve) => {
    onAbort = () => resolve(undefined);
    signal.addEventListener('abort', onAbort, { once: true });
  });
  try {
    return await Promise.race([result, aborted]);
  } finally {
    signal.removeEventListener('abort', onAbort);
  }
}
