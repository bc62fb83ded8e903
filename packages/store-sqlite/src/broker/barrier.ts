import type { BarrierResult, Clock } from '@vigilant/core';
import { abortable } from '@vigilant/core/adapter';
import type { ChangeSignal } from './change-signal';
import type { JournalClient } from './journal-client';
import type { OwnerQueues, QueuePositions } from './owner-queues';
import { POLL_MS } from './journal-poller';

/** Dependencies of a barrier. */
export interface BarrierContext {
  readonly clock: Clock;
  readonly journal: JournalClient;
  readonly queues: OwnerQueues;
  readonly acknowledgements: ChangeSignal;
  /** Returns whether the broker is still open. */
  isOpen(): boolean;
  /** Returns how often the journal thread was started. Answers of an earlier thread may be out of date. */
  generation(): number;
  raiseFlush(positions: QueuePositions): void;
}

/**
 * Waits until everything published so far is acknowledged, the signal is aborted or the broker closes.
 *
 * The journal reports whether events of other processes are acknowledged, including processes that have died.
 */
export async function waitForAll(context: BarrierContext, signal: AbortSignal): Promise<BarrierResult> {
  const { journal, queues, acknowledgements, clock } = context;
  const ask = async <T>(question: Promise<T>): Promise<T | undefined> =>
    abortable(question, signal).catch((error: unknown) => {
      if (context.isOpen() && !signal.aborted) throw error;
      return undefined;
    });
  const positions = queues.positions();
  const pendingAtStart = queues.pending.events;
  context.raiseFlush(positions);
  let generation = context.generation();
  const raised = await ask(journal.raise());
  let isPending = raised?.isPending ?? true;
  for (;;) {
    if (generation !== context.generation()) isPending = true;
    if (!isPending && queues.isAcknowledged(positions)) return { complete: true, pending: 0 };
    if (signal.aborted || !context.isOpen()) break;
    await acknowledgements.next(signal, isPending ? { clock, afterMs: POLL_MS } : undefined);
    if (!isPending || raised === undefined || !context.isOpen()) continue;
    generation = context.generation();
    isPending = (await ask(journal.isPending(raised.through))) ?? true;
  }
  // The number of events that are pending in other processes is not known.
  return isPending
    ? { complete: false }
    : { complete: false, pending: Math.min(pendingAtStart, queues.pending.events) };
}
