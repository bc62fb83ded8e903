import { VigilantError, createWatch, sleep } from '@vigilant/core';
import type { AdapterContext, Event, Watch, WatchOptions } from '@vigilant/core';
import { randomUUID } from 'node:crypto';
import type { Assignment, IncomingBatch, KafkaClient, KafkaConsumer } from '../contracts/kafka-client';
import type { ControlMessage } from '../coordination/control-message';
import { decodeControl } from '../coordination/control-message';
import { decodeRecords } from './decode-records';
import type { ResolvedKafkaOptions } from '../contracts/kafka-options';
import { consumeUntil, supervise } from './supervise';

const WATCH_BYTES = 16 * 1024 * 1024;

/** How long a fetch waits for new records, in milliseconds. Closing and new tails wait for the running fetch. */
const FETCH_WAIT_MS = 1_000;

/** Few, so that what servers tell one another does not wait behind a backlog of events. */
const FETCH_BYTES = 512 * 1024;

const WATCH_SESSION_MS = 30_000;

/** How long a watch waits for Kafka before it gives up, in milliseconds. */
const READY_MS = 5_000;

/** Reads what every process reads: the control topic always, the events while somebody watches. */
export interface Broadcast {
  watch(options: WatchOptions): Promise<AsyncIterable<readonly Event[]>>;
  /** Why what all servers read does not come at the moment. */
  readonly trouble: string | undefined;
  /** Ends all watches, without leaving the group yet. */
  end(): void;
  stop(): Promise<void>;
}

/** What a broadcast works with. */
export interface BroadcastParts {
  readonly client: KafkaClient;
  readonly options: ResolvedKafkaOptions;
  readonly context: AdapterContext;
  /** Says something to all: a fetch that waits ends. */
  readonly greet: () => Promise<void>;
  /** A server says something to all. */
  readonly onControl: (message: ControlMessage) => void;
}

/** A watch that is over before it began. */
const NOTHING: AsyncIterable<readonly Event[]> = { async *[Symbol.asyncIterator]() {} };

/** Starts to read. Each life has a group of its own, which shares nothing and commits nothing. */
export function startBroadcast({ client, options, context, greet, onControl }: BroadcastParts): Broadcast {
  const { clock, diagnostics } = context;
  const { topic, controlTopic } = options;
  const ending = new AbortController();
  const watches = new Set<Watch<Event>>();
  /** Where reading goes on, by topic and partition; of the events only while somebody watches. */
  const positions = new Map<string, number>();
  let consumer: KafkaConsumer | undefined;
  let isJoined = false;
  let trouble: string | undefined;
  const joinWaiters: (() => void)[] = [];
  let turning: Promise<void> = Promise.resolve();

  const keyOf = (name: string, partition: number): string => `${name}/${partition}`;

  const seekKnown = (assignment: Assignment): void => {
    for (const [name, partitions] of assignment.partitions)
      for (const partition of partitions) {
        const position = positions.get(keyOf(name, partition));
        if (position !== undefined) consumer?.seek(name, partition, position);
      }
  };

  const onAssigned = (assignment: Assignment): void => {
    if (watches.size === 0) consumer?.pause(topic);
    else consumer?.resume(topic);
    seekKnown(assignment);
    isJoined = true;
    trouble = undefined;
    assignment.signal.addEventListener('abort', () => (isJoined = false));
    for (const resolve of joinWaiters.splice(0)) resolve();
  };

  const publish = async ({ partition, records }: IncomingBatch): Promise<void> => {
    if (watches.size === 0) return;
    const { events } = await decodeRecords(context, `${topic}/${partition}`, records);
    const bytes = records.reduce((sum, { value }) => sum + value.byteLength, 0);
    if (events.length > 0) for (const watch of watches) watch.push(events, bytes);
  };

  const onBatch = async (batch: IncomingBatch): Promise<void> => {
    const key = keyOf(batch.topic, batch.partition);
    if (batch.topic === topic) {
      // What stands before the place that a watch began at belongs to an earlier one.
      const from = positions.get(key) ?? 0;
      await publish({ ...batch, records: batch.records.filter(({ offset }) => offset >= from) });
    } else
      for (const { value } of batch.records) {
        const message = decodeControl(value);
        if (message !== undefined) onControl(message);
      }
    if (batch.topic === controlTopic || watches.size > 0) positions.set(key, batch.next);
  };

  const live = (signal: AbortSignal): Promise<Error | undefined> => {
    const group = {
      group: `${options.groupId}.watch.${randomUUID()}`,
      topics: [topic, controlTopic],
      from: 'latest' as const,
      // Nobody waits for what a member leaves behind: it may speak seldom.
      sessionTimeoutMs: Math.max(WATCH_SESSION_MS, options.sessionTimeoutMs),
      fetchWaitMs: FETCH_WAIT_MS,
      fetchBytes: FETCH_BYTES,
    };
    return consumeUntil(
      signal,
      client,
      { ...group, onAssigned, onBatch, onActivity: () => {} },
      (started) => {
        consumer = started;
      },
    );
  };
  const running = supervise(clock, ending.signal, live, (error, failures) => {
    trouble = `reading from Kafka what all servers read failed (${failures} in a row): ${error.message}`;
    diagnostics({
      ...{ level: 'warn', component: 'kafka', code: 'watch-failed', error },
      message: 'Reading what all servers read failed and begins again.',
    });
  });

  const joined = async (signal: AbortSignal): Promise<void> => {
    if (isJoined) return;
    const giveUp = new AbortController();
    const onAbort = (): void => giveUp.abort();
    for (const each of [signal, ending.signal]) each.addEventListener('abort', onAbort, { once: true });
    await Promise.race([
      new Promise<void>((resolve) => joinWaiters.push(resolve)),
      sleep(clock, READY_MS, giveUp.signal, { keepAlive: true }).catch(() => {}),
    ]);
    giveUp.abort();
    for (const each of [signal, ending.signal]) each.removeEventListener('abort', onAbort);
    if (!isJoined && !signal.aborted && !ending.signal.aborted)
      throw new VigilantError(
        'VIGILANT_BROKER_UNAVAILABLE',
        'Kafka does not answer; live events cannot be read.',
      );
  };

  /** Begins with what is published from now on. */
  const begin = async (): Promise<void> => {
    for (const { partition, end } of await client.ranges(topic)) {
      positions.set(keyOf(topic, partition), end);
      consumer?.seek(topic, partition, end);
    }
    consumer?.resume(topic);
    void greet().catch(() => {});
  };

  const pauseUnlessWatched = (): void => {
    if (watches.size > 0) return;
    consumer?.pause(topic);
    for (const key of [...positions.keys()]) if (!key.startsWith(`${controlTopic}/`)) positions.delete(key);
  };

  return {
    get trouble() {
      return trouble;
    },
    async watch({ signal, maxBufferedBytes = WATCH_BYTES }) {
      await joined(signal);
      // One after another: the first begins, the others join in.
      const turn = turning.then(async () => {
        if (signal.aborted || ending.signal.aborted) return NOTHING;
        const isFirst = watches.size === 0;
        const watch = createWatch(watches, maxBufferedBytes, signal, pauseUnlessWatched);
        if (isFirst)
          await begin().catch((error: unknown) => {
            watch.end();
            throw error;
          });
        return watch;
      });
      turning = turn.then(
        () => {},
        () => {},
      );
      return turn;
    },
    end() {
      ending.abort();
      for (const watch of [...watches]) watch.end();
    },
    async stop() {
      this.end();
      await running;
    },
  };
}
