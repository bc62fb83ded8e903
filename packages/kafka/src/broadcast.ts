import { VigilantError, createWatch, sleep } from '@vigilant/core';
import type { AdapterContext, Event, Watch, WatchOptions } from '@vigilant/core';
import { randomUUID } from 'node:crypto';
import type { Assignment, IncomingBatch, KafkaClient, KafkaConsumer } from './client';
import { decodeFlush } from './control';
import { decodeRecords } from './decode';
import type { ResolvedKafkaOptions } from './options';
import type { Offsets } from './progress';
import { consumeUntil, supervise } from './supervise';

const WATCH_BYTES = 16 * 1024 * 1024;

/** Nobody else is in the group; a watch that begins waits as long for its first events, in milliseconds. */
const FETCH_WAIT_MS = 1_000;

/** How long a watch waits for Kafka before it gives up, in milliseconds. */
const READY_MS = 5_000;

/** Reads what every process reads: the control topic always, the events while somebody watches. */
export interface Broadcast {
  watch(options: WatchOptions): Promise<AsyncIterable<readonly Event[]>>;
  /** Ends all watches, without leaving the group yet. */
  end(): void;
  stop(): Promise<void>;
}

/** What a broadcast works with. */
export interface BroadcastParts {
  readonly client: KafkaClient;
  readonly options: ResolvedKafkaOptions;
  readonly context: AdapterContext;
  /** Somebody asks for everything up to these ends to be written. */
  readonly onFlush: (ends: Offsets) => void;
}

/** A watch that is over before it began. */
const NOTHING: AsyncIterable<readonly Event[]> = { async *[Symbol.asyncIterator]() {} };

/** Starts to read. Each life has a group of its own, which shares nothing and commits nothing. */
export function startBroadcast({ client, options, context, onFlush }: BroadcastParts): Broadcast {
  const { clock, diagnostics } = context;
  const { topic, controlTopic } = options;
  const ending = new AbortController();
  const watches = new Set<Watch>();
  /** Where reading goes on, by topic and partition; of the events only while somebody watches. */
  const positions = new Map<string, number>();
  let consumer: KafkaConsumer | undefined;
  let isJoined = false;
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
    seekKnown(assignment);
    isJoined = true;
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
        const ends = decodeFlush(value);
        if (ends !== undefined) onFlush(ends);
      }
    if (batch.topic === controlTopic || watches.size > 0) positions.set(key, batch.next);
  };

  const live = (signal: AbortSignal): Promise<Error | undefined> => {
    const group = {
      group: `${options.groupId}.watch.${randomUUID()}`,
      topics: [topic, controlTopic],
      from: 'latest' as const,
      sessionTimeoutMs: options.sessionTimeoutMs,
      fetchWaitMs: FETCH_WAIT_MS,
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
  const running = supervise(clock, ending.signal, live, (error) =>
    diagnostics({
      ...{ level: 'warn', component: 'kafka', code: 'watch-failed', error },
      message: 'Reading what all servers read failed and begins again.',
    }),
  );

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
  };

  const leave = (watch: Watch): void => {
    watches.delete(watch);
    if (watches.size > 0) return;
    consumer?.pause(topic);
    for (const key of [...positions.keys()]) if (!key.startsWith(`${controlTopic}/`)) positions.delete(key);
  };

  return {
    async watch({ signal, maxBufferedBytes = WATCH_BYTES }) {
      await joined(signal);
      // One after another: the first begins, the others join in.
      const turn = turning.then(async () => {
        if (signal.aborted || ending.signal.aborted) return NOTHING;
        const isFirst = watches.size === 0;
        const watch = createWatch(maxBufferedBytes, signal, () => leave(watch));
        watches.add(watch);
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
