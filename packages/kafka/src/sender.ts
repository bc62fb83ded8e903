import { VigilantError, encodeEvent, sleep, toVigilantError } from '@vigilant/core';
import type { Clock, Event } from '@vigilant/core';
import type { KafkaClient, OutgoingRecord } from './client';
import type { ResolvedKafkaOptions } from './options';
import type { Progress } from './progress';

/** Requests on their way at once: enough to keep Kafka busy, few enough that what waits meanwhile goes together. */
const MAX_REQUESTS = 5;

/** What a record takes besides key and value, in bytes at most. */
const RECORD_OVERHEAD = 64;

/** Pause before a request that failed is made again, in milliseconds. */
const AGAIN_MS = 250;

/** How long a refused caller should wait, in milliseconds. */
const FULL_RETRY_MS = 1_000;

/** Publishes events, many calls in one request. */
export interface Sender {
  /** @throws {VigilantError} `VIGILANT_BROKER_FULL`: nothing was taken; `VIGILANT_EVENT_INVALID`: nor then, as one is too large;
   * `VIGILANT_BROKER_UNAVAILABLE`: the outcome is unknown. */
  publish(events: readonly Event[]): Promise<void>;
  /** Resolves when everything taken is settled. What is not when `givenUp` resolves is of unknown outcome. */
  close(givenUp: Promise<unknown>): Promise<void>;
}

/** A publish on its way, perhaps in several requests, one after another so that its events keep their order. */
interface Job {
  readonly rest: Records[];
  readonly settle: (error?: VigilantError) => void;
  readonly isSettled: () => boolean;
}

/** Records that fit a request. */
interface Records {
  readonly records: OutgoingRecord[];
  bytes: number;
}

/** A part of a job that goes into one request. */
interface Part extends Records {
  readonly job: Job;
}

/** What a sender works with. */
export interface SenderParts {
  readonly client: KafkaClient;
  readonly options: ResolvedKafkaOptions;
  readonly progress: Progress;
  readonly clock: Clock;
  readonly onProgress: () => void;
}

/** Creates a sender. */
export function createSender({ client, options, progress, clock, onProgress }: SenderParts): Sender {
  const { topic, key, publishTimeoutMs, maxPendingBytes, maxRequestBytes } = options;
  const queue: Part[] = [];
  const jobs = new Set<{ readonly done: Promise<void>; readonly settle: Job['settle'] }>();
  let pendingBytes = 0;
  let requests = 0;

  const takeRequest = (): Part[] => {
    const parts: Part[] = [];
    let bytes = 0;
    for (let next = queue[0]; next !== undefined; next = queue[0]) {
      if (parts.length > 0 && bytes + next.bytes > maxRequestBytes) break;
      queue.shift();
      if (next.job.isSettled()) continue;
      parts.push(next);
      bytes += next.bytes;
    }
    return parts;
  };

  const send = async (parts: readonly Part[]): Promise<void> => {
    const records = parts.flatMap((part) => part.records);
    for (;;) {
      try {
        for (const { partition, end } of await client.produce(topic, records))
          progress.noteEnd(partition, end);
        onProgress();
        for (const { job } of parts) goOn(job);
        return;
      } catch (error) {
        const failure = toVigilantError(error, 'VIGILANT_BROKER_UNAVAILABLE', 'Publishing failed');
        if (!failure.retryable) for (const { job } of parts) job.settle(failure);
        // As long as somebody waits it is tried again: the ids make that safe.
        if (parts.every(({ job }) => job.isSettled())) return;
        await sleep(clock, AGAIN_MS, undefined, { keepAlive: true });
        if (parts.every(({ job }) => job.isSettled())) return;
      }
    }
  };

  /** Puts the next part of a job into the queue, or settles it. */
  const goOn = (job: Job): void => {
    const next = job.rest.shift();
    if (next === undefined) job.settle();
    else queue.push({ job, ...next });
  };

  const pump = (): void => {
    while (requests < MAX_REQUESTS) {
      const parts = takeRequest();
      if (parts.length === 0) return;
      requests += 1;
      void send(parts).finally(() => {
        requests -= 1;
        pump();
      });
    }
  };

  /** Cuts a batch into parts that fit a request. */
  const split = (events: readonly Event[]): Records[] => {
    const parts: Records[] = [];
    let current: Records | undefined;
    for (const event of events) {
      const record = { key: event[key], value: encodeEvent(event) };
      const bytes = record.value.byteLength + Buffer.byteLength(record.key) + RECORD_OVERHEAD;
      if (bytes > maxRequestBytes) throw tooLarge(event, bytes, maxRequestBytes);
      if (current === undefined || current.bytes + bytes > maxRequestBytes) {
        current = { records: [], bytes: 0 };
        parts.push(current);
      }
      current.records.push(record);
      current.bytes += bytes;
    }
    return parts;
  };

  return {
    async publish(events) {
      const parts = split(events);
      const bytes = parts.reduce((sum, part) => sum + part.bytes, 0);
      if (pendingBytes + bytes > maxPendingBytes)
        throw new VigilantError(
          'VIGILANT_BROKER_FULL',
          `${pendingBytes} bytes of events wait for Kafka; at most ${maxPendingBytes} may.`,
          { retryAfterMs: FULL_RETRY_MS },
        );
      pendingBytes += bytes;
      progress.noteSize(events.length, bytes);
      let isSettled = false;
      let settle: Job['settle'] = () => {};
      const done = new Promise<void>((resolve, reject) => {
        settle = (error) => {
          if (isSettled) return;
          isSettled = true;
          timer.cancel();
          pendingBytes -= bytes;
          jobs.delete(waiting);
          if (error === undefined) resolve();
          else reject(error);
        };
      });
      const waiting = { done, settle };
      const giveUp = (): void => settle(unconfirmed(`within ${publishTimeoutMs} ms`));
      const timer = clock.after(publishTimeoutMs, giveUp, { keepAlive: true });
      jobs.add(waiting);
      goOn({ rest: parts, settle, isSettled: () => isSettled });
      pump();
      return done;
    },
    async close(givenUp) {
      const settled = Promise.all([...jobs].map(({ done }) => done.catch(() => {})));
      await Promise.race([settled, givenUp]);
      for (const { settle } of [...jobs]) settle(unconfirmed('before the broker was closed'));
    },
  };
}

function unconfirmed(when: string): VigilantError {
  return new VigilantError(
    'VIGILANT_BROKER_UNAVAILABLE',
    `Kafka did not confirm ${when}. Send again with the same ids.`,
  );
}

function tooLarge({ id }: Event, bytes: number, limit: number): VigilantError {
  const reason = `takes ${bytes} bytes as a record; maxRequestBytes allows ${limit}`;
  return new VigilantError('VIGILANT_EVENT_INVALID', `Event ${id} ${reason}.`, {
    violations: [{ field: 'data', code: 'too_long', reason, limit }],
  });
}
