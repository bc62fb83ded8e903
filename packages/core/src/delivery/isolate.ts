import type { AppendResult } from '../contracts/store';
import { isVigilantError } from '../errors';
import type { Event } from '../event/event';

/** Rejections without one success after which a pass stops: then it is the store that is at fault. */
export const MAX_REJECTIONS = 100;

/** An event that the store does not take, and why. */
export interface Condemned {
  readonly event: Event;
  readonly error: unknown;
}

/** What a pass found. */
export interface Isolation {
  readonly inserted: number;
  readonly duplicates: number;
  readonly conflicts: readonly Event[];
  readonly condemned: readonly Condemned[];
  /** Events of which nothing is known yet: neither stored nor condemned. */
  readonly undecided: readonly Event[];
}

/** An event that failed alone, and how many commits came before. */
interface Suspect extends Condemned {
  readonly commitsBefore: number;
}

/** Tells the one error that speaks of an event's content. */
export function isRejection(error: unknown): boolean {
  return isVigilantError(error) && error.code === 'VIGILANT_EVENT_REJECTED';
}

/**
 * Appends a batch by halves to find the events that the store does not take.
 *
 * A rejection condemns an event that is alone in its append. With `anyError` another error does so too, but
 * only when the store inserted others both before and after it: a store that merely goes down condemns nobody.
 * Without `anyError` another error ends the pass.
 */
export async function isolate(
  append: (events: readonly Event[]) => Promise<AppendResult>,
  events: readonly Event[],
  options: { readonly anyError: boolean },
): Promise<Isolation> {
  const stack: (readonly Event[])[] = [events];
  const conflicts: Event[] = [];
  const rejected: Condemned[] = [];
  const suspects: Suspect[] = [];
  const undecided: Event[] = [];
  let inserted = 0;
  let duplicates = 0;
  let commits = 0;
  let rejections = 0;
  let isStopped = false;

  for (let part = stack.pop(); part !== undefined; part = stack.pop()) {
    if (isStopped) {
      undecided.push(...part);
      continue;
    }
    try {
      const result = await append(part);
      inserted += result.inserted;
      duplicates += result.duplicates;
      for (const index of result.conflicts) conflicts.push(part[index] as Event);
      if (result.inserted === 0) continue;
      commits += 1;
      rejections = 0;
    } catch (error) {
      const isFinal = part.length === 1;
      if (!isRejection(error) && !options.anyError) {
        isStopped = true;
        undecided.push(...part);
      } else if (isFinal) {
        const condemned = { event: part[0] as Event, error };
        if (isRejection(error)) rejected.push(condemned);
        else suspects.push({ ...condemned, commitsBefore: commits });
        rejections += 1;
        isStopped = rejections >= MAX_REJECTIONS;
      } else {
        const middle = part.length >>> 1;
        stack.push(part.slice(middle), part.slice(0, middle));
      }
    }
  }

  const condemned = isStopped && commits === 0 ? [] : [...rejected];
  if (condemned.length === 0) undecided.push(...rejected.map(({ event }) => event));
  for (const suspect of suspects) {
    const isSurrounded = suspect.commitsBefore > 0 && commits > suspect.commitsBefore;
    if (isSurrounded) condemned.push(suspect);
    else undecided.push(suspect.event);
  }
  return { inserted, duplicates, conflicts, condemned, undecided };
}
