import type { BarrierOptions, BarrierResult, Clock } from '@vigilant/core';
import { abortable, sleep } from '@vigilant/core/adapter';
import type { KafkaClient, Offsets } from '../contracts/kafka-client';
import type { GroupProgress } from '../offsets/group-progress';
import { encodeControlMessage } from './control-message';

/** First and longest interval between requests for the committed offsets, in milliseconds. */
const FIRST_POLL_MS = 20;
const MAX_POLL_MS = 200;

/** Interval between flush requests, in milliseconds. A server may have started after the previous one. */
const REQUEST_MS = 500;

/** Dependencies of a barrier. */
export interface GroupBarrierParts {
  readonly client: KafkaClient;
  readonly controlTopic: string;
  readonly progress: GroupProgress;
  readonly clock: Clock;
  /** Aborted when the broker closes. */
  readonly closing: AbortSignal;
  /** Requests a flush from the consumer of this process. */
  readonly requestFlush: (ends: Offsets) => void;
}

/** Waits until the group has committed every record that the topic holds now. */
export async function raiseGroupBarrier(
  parts: GroupBarrierParts,
  { signal }: BarrierOptions,
): Promise<BarrierResult> {
  const { progress, closing } = parts;
  if (signal.aborted || closing.aborted) return { complete: false, pending: progress.pending() };
  const giveUp = AbortSignal.any([signal, closing]);
  const ends = await attempt(giveUp, () => progress.ends());
  if (ends === undefined) return { complete: false, pending: progress.pending() };
  const isReached = await waitUntilCommitted(parts, ends, giveUp);
  return isReached && !closing.aborted
    ? { complete: true, pending: 0 }
    : { complete: false, pending: progress.pending(ends) };
}

/** Requests flushes and polls the committed offsets until they reach these ends. Resolves to `false` if the signal is aborted first. */
async function waitUntilCommitted(
  parts: GroupBarrierParts,
  ends: Offsets,
  giveUp: AbortSignal,
): Promise<boolean> {
  const { progress, clock } = parts;
  const isReached = (): boolean => progress.pending(ends) === 0;
  if (!isReached()) await attempt(giveUp, () => progress.refreshCommitted());
  let requestAt = -Infinity;
  let pollMs = FIRST_POLL_MS;
  while (!isReached() && !giveUp.aborted) {
    if (clock.monotonic() >= requestAt) {
      requestFlush(parts, ends);
      requestAt = clock.monotonic() + REQUEST_MS;
    }
    await changeOrPause(parts, pollMs, giveUp);
    if (!isReached()) await attempt(giveUp, () => progress.refreshCommitted());
    pollMs = Math.min(MAX_POLL_MS, pollMs * 2);
  }
  return isReached();
}

function requestFlush(parts: GroupBarrierParts, ends: Offsets): void {
  parts.requestFlush(ends);
  const record = { key: '', value: encodeControlMessage({ flush: ends }) };
  // The committed offsets show whether other servers have received the message.
  void parts.client.produce(parts.controlTopic, [record]).catch(() => {});
}

/** Waits for a pause, which ends early when offsets were committed. */
async function changeOrPause(
  { progress, clock }: GroupBarrierParts,
  pauseMs: number,
  signal: AbortSignal,
): Promise<void> {
  const changed = new AbortController();
  const removeListener = progress.onChange(() => changed.abort());
  const ended = AbortSignal.any([signal, changed.signal]);
  await sleep(clock, pauseMs, ended, { keepAlive: true }).catch(() => {});
  removeListener();
}

/** Resolves to the result of an operation, or to `undefined` if it fails or the signal is aborted first. */
async function attempt<T>(signal: AbortSignal, operation: () => Promise<T>): Promise<T | undefined> {
  return signal.aborted ? undefined : abortable(operation(), signal).catch(() => undefined);
}
