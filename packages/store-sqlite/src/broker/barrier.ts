import type { BarrierResult, Clock } from '@vigilant/core';
import type { Changes } from './changes';
import { unlessAborted } from './changes';
import type { Journal } from './journal';
import type { Lanes, Marks } from './lanes';
import { LOOK_MS } from './peers';

/** What a barrier needs of the broker. */
export interface BarrierContext {
  readonly clock: Clock;
  readonly journal: Journal;
  readonly lanes: Lanes;
  readonly acknowledgements: Changes;
  /** Whether the broker is open still. */
  isOpen(): boolean;
  /** Changes with each thread of the journal: what an earlier one answered may be out of date. */
  generation(): number;
  raiseFlush(marks: Marks): void;
}

/**
 * Waits until everything published so far is acknowledged, or until the signal or the end of the broker.
 *
 * What other processes published is acknowledged when the journal says so, be they alive or taken over.
 */
export async function waitForAll(context: BarrierContext, signal: AbortSignal): Promise<BarrierResult> {
  const { journal, lanes, acknowledgements, clock } = context;
  const ask = async <T>(question: Promise<T>): Promise<T | undefined> =>
    unlessAborted(question, signal).catch((error: unknown) => {
      if (context.isOpen()) throw error;
      return undefined;
    });
  const marks = lanes.marks();
  const publishedAt = lanes.pending.events;
  context.raiseFlush(marks);
  let generation = context.generation();
  const raised = await ask(journal.raise());
  let isPending = raised?.isPending ?? true;
  for (;;) {
    if (generation !== context.generation()) isPending = true;
    if (!isPending && lanes.isAcknowledged(marks)) return { complete: true, pending: 0 };
    if (signal.aborted || !context.isOpen()) break;
    await acknowledgements.next(signal, isPending ? { clock, afterMs: LOOK_MS } : undefined);
    if (!isPending || raised === undefined || !context.isOpen()) continue;
    generation = context.generation();
    isPending = (await ask(journal.isPending(raised.through))) ?? true;
  }
  // How much others still hold is not known.
  return isPending
    ? { complete: false }
    : { complete: false, pending: Math.min(publishedAt, lanes.pending.events) };
}
