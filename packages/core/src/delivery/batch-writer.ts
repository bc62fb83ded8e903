import type { Clock } from '../clock';
import { sleep } from '../clock';
import type { Delivery } from '../contracts/broker';
import type { AppendResult, Store } from '../contracts/store';
import type { DiagnosticSink } from '../diagnostics';
import type { Event } from '../event/event';
import type { Batch } from './batch-buffer';
import type { Condemnation, DeadLetterBox } from './dead-letters';
import { condemnEvent, condemnMalformed } from './dead-letters';
import { isRejection, isolate } from './isolate';
import { backOffMs } from './retry';

/** Failures in a row after which a batch is tried in halves. */
const FAILURES_BEFORE_HALVES = 5;

const BACK_OFF = { firstMs: 100, maxMs: 30_000 };

/** Counts since the start. */
export interface WriterCounts {
  stored: number;
  duplicates: number;
  deadLetters: number;
  batches: number;
  failedWrites: number;
}

/** Writes batches until they are written. */
export interface BatchWriter {
  readonly counts: Readonly<WriterCounts>;
  /** Why the batch at hand is being tried again; `undefined` when all is well. */
  readonly trouble: string | undefined;
  /**
   * Stores all events of a batch, or makes dead letters of those that cannot be. Tries again without limit.
   *
   * @returns the deliveries to acknowledge, which may be more than the batch's; rejects only when the signal ends it.
   */
  write(batch: Batch): Promise<readonly Delivery[]>;
}

/** What a writer works with. */
export interface BatchWriterParts {
  readonly store: Store;
  readonly deadLetters: DeadLetterBox;
  readonly clock: Clock;
  readonly diagnostics: DiagnosticSink;
  readonly signal: AbortSignal;
  readonly random: () => number;
  /** More to write with a batch that keeps failing: whether others go through tells who is at fault. */
  readonly takeMore: () => Batch;
}

/** A batch on its way: what is neither stored nor condemned yet, and what has to be done besides. */
interface Job {
  open: readonly Event[];
  readonly letters: Condemnation[];
  readonly finished: Delivery[];
}

/** Creates a writer on a store. */
export function createBatchWriter(parts: BatchWriterParts): BatchWriter {
  const { store, deadLetters, clock, diagnostics, signal, random } = parts;
  const counts: WriterCounts = { stored: 0, duplicates: 0, deadLetters: 0, batches: 0, failedWrites: 0 };
  let trouble: string | undefined;

  const append = async (events: readonly Event[]): Promise<AppendResult> => {
    signal.throwIfAborted();
    const result = await store.append(events);
    counts.stored += result.inserted;
    counts.duplicates += result.duplicates;
    return result;
  };

  const report = (error: unknown, failures: number): void => {
    trouble = error instanceof Error ? error.message : String(error);
    counts.failedWrites += 1;
    const message = `A batch could not be written (${failures} in a row): ${trouble}`;
    diagnostics({ level: 'warn', component: 'scheduler', code: 'write-failed', message, error });
  };

  /** Stores what is open and keeps the letters; rejects at the first failure, with the rest still in the job. */
  const finish = async (job: Job): Promise<void> => {
    if (job.open.length > 0) {
      const { conflicts } = await append(job.open);
      for (const index of conflicts) job.letters.push(condemnEvent(job.open[index] as Event, 'id-conflict'));
      job.open = [];
    }
    // Each letter is taken away once it is kept: one that is deleted meanwhile must not come back.
    for (let letter = job.letters[0]; letter !== undefined; letter = job.letters[0]) {
      await deadLetters.write(letter);
      job.letters.shift();
      counts.deadLetters += 1;
    }
  };

  /** Surrounds what keeps failing with fresh events, see `isolate`. */
  const enlarge = (job: Job): void => {
    const more = parts.takeMore();
    const half = more.events.length >>> 1;
    job.open = [...more.events.slice(0, half), ...job.open, ...more.events.slice(half)];
    adopt(job, more);
  };

  const separate = async (job: Job, anyError: boolean): Promise<void> => {
    if (anyError) enlarge(job);
    const { conflicts, condemned, undecided } = await isolate(append, job.open, { anyError });
    for (const event of conflicts) job.letters.push(condemnEvent(event, 'id-conflict'));
    for (const { event, error } of condemned) job.letters.push(condemnEvent(event, 'rejected', error));
    job.open = undecided;
  };

  const write = async (batch: Batch): Promise<readonly Delivery[]> => {
    const job: Job = { open: batch.events, letters: [], finished: [] };
    adopt(job, batch);
    for (let failures = 1; ; failures += 1) {
      try {
        await finish(job);
        break;
      } catch (error) {
        if (signal.aborted) throw error;
        report(error, failures);
        const anyError = failures % FAILURES_BEFORE_HALVES === 0;
        const wasOpen = job.open.length > 0;
        if (wasOpen && (anyError || isRejection(error))) await separate(job, anyError);
        // What was separated cleanly goes on at once; everything else waits.
        if (!wasOpen || job.open.length > 0)
          await sleep(clock, backOffMs(BACK_OFF, failures, random), signal);
      }
    }
    trouble = undefined;
    counts.batches += 1;
    return job.finished;
  };

  return {
    counts,
    get trouble() {
      return trouble;
    },
    write,
  };
}

/** Takes on what has to be done once a batch is stored. */
function adopt(job: Job, { finished }: Batch): void {
  job.finished.push(...finished);
  for (const { malformed } of finished) job.letters.push(...malformed.map(condemnMalformed));
}
