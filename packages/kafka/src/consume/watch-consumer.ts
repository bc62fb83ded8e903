import { VigilantError } from '@vigilant/core';
import type { AdapterContext, Event, WatchOptions } from '@vigilant/core';
import { createWatch } from '@vigilant/core/adapter';
import type { Watch } from '@vigilant/core/adapter';
import type { Assignment, IncomingBatch, KafkaClient, KafkaConsumer } from '../contracts/kafka-client';
import type { ResolvedKafkaOptions } from '../contracts/kafka-options';
import type { ControlMessage } from '../coordination/control-message';
import { decodeControlMessage } from '../coordination/control-message';
import { decodeRecords } from './decode-records';
import { sizeOf } from './fetched-records';
import { runConsumer, supervise } from './supervise';

const WATCH_BYTES = 16 * 1024 * 1024;

/** Maximum time that a fetch waits for records, in milliseconds. Closing and new watches wait for the running fetch. */
const FETCH_WAIT_MS = 1_000;

/** Maximum bytes of a fetch. Small, so that control messages do not wait behind many events. */
const FETCH_BYTES = 512 * 1024;

/** Maximum time that a new watch waits until the consumer has started, in milliseconds. */
const START_MS = 5_000;

/** Consumes records that every process receives: control messages always, events while there are watches. */
export interface WatchConsumer {
  watch(options: WatchOptions): Promise<AsyncIterable<readonly Event[]>>;
  /** Why the consumer is not running at present. */
  readonly failureReason: string | undefined;
  /** Ends all watches without stopping the consumer yet. */
  end(): void;
  /** Stops the consumer. */
  stop(): Promise<void>;
}

/** Dependencies of a `WatchConsumer`. */
export interface WatchConsumerParts {
  readonly client: KafkaClient;
  readonly options: ResolvedKafkaOptions;
  readonly context: AdapterContext;
  /** Sends a control message to all servers, which ends a fetch that waits for records. */
  readonly announce: () => Promise<void>;
  readonly onControl: (message: ControlMessage) => void;
}

/** An empty iteration. */
const NOTHING: AsyncIterable<readonly Event[]> = { async *[Symbol.asyncIterator]() {} };

/** Starts a consumer without a group. It restarts after failures until it is stopped. */
export function startWatchConsumer(parts: WatchConsumerParts): WatchConsumer {
  const consumer = new SharedConsumer(parts);
  consumer.start();
  return consumer;
}

class SharedConsumer implements WatchConsumer {
  readonly #parts: WatchConsumerParts;
  readonly #ending = new AbortController();
  readonly #watches = new Set<Watch<Event>>();
  /** Offsets at which reading continues, by topic and partition. Those of events are known only while there are watches. */
  readonly #positions = new Map<string, number>();
  readonly #startWaiters = new Set<() => void>();
  #consumer: KafkaConsumer | undefined;
  #isStarted = false;
  #failureReason: string | undefined;
  /** The start of the previous watch. */
  #starting: Promise<unknown> = Promise.resolve();
  #running: Promise<void> = Promise.resolve();

  constructor(parts: WatchConsumerParts) {
    this.#parts = parts;
  }

  start(): void {
    const { clock, diagnostics } = this.#parts.context;
    const run = (signal: AbortSignal): Promise<Error | undefined> => this.#run(signal);
    this.#running = supervise(clock, this.#ending.signal, run, (error, failures) => {
      this.#failureReason = `${error.message} Consecutive failures: ${failures}.`;
      const message = 'The consumer of control messages and live events failed and will be restarted.';
      diagnostics({ level: 'warn', component: 'kafka', code: 'watch-failed', message, error });
    });
  }

  get failureReason(): string | undefined {
    return this.#failureReason;
  }

  async watch({
    signal,
    maxBufferedBytes = WATCH_BYTES,
  }: WatchOptions): Promise<AsyncIterable<readonly Event[]>> {
    await this.#started(signal);
    // Watches start one at a time: the first one starts reading, and the others share it.
    const started = this.#starting.then(() => this.#startWatch(signal, maxBufferedBytes));
    this.#starting = started.catch(() => {});
    return started;
  }

  end(): void {
    this.#ending.abort();
    for (const watch of [...this.#watches]) watch.end();
  }

  async stop(): Promise<void> {
    this.end();
    await this.#running;
  }

  #run(signal: AbortSignal): Promise<Error | undefined> {
    const { client, options } = this.#parts;
    const groupOptions = {
      group: undefined,
      instanceId: undefined,
      topics: [options.topic, options.controlTopic],
      from: 'latest' as const,
      sessionTimeoutMs: options.sessionTimeoutMs,
      fetchWaitMs: FETCH_WAIT_MS,
      fetchBytes: FETCH_BYTES,
      onAssigned: (assignment: Assignment) => this.#onAssigned(assignment),
      onBatch: (batch: IncomingBatch) => this.#receive(batch),
      onActivity: () => {},
    };
    return runConsumer(signal, client, groupOptions, (consumer) => (this.#consumer = consumer));
  }

  #onAssigned(assignment: Assignment): void {
    const { topic } = this.#parts.options;
    if (this.#watches.size === 0) this.#consumer?.pause(topic);
    else this.#consumer?.resume(topic);
    for (const [name, partitions] of assignment.partitions)
      for (const partition of partitions) {
        const position = this.#positions.get(keyOf(name, partition));
        if (position !== undefined) this.#consumer?.seek(name, partition, position);
      }
    this.#isStarted = true;
    this.#failureReason = undefined;
    assignment.signal.addEventListener('abort', () => (this.#isStarted = false));
    for (const onStarted of [...this.#startWaiters]) onStarted();
  }

  async #receive(batch: IncomingBatch): Promise<void> {
    const { topic, controlTopic } = this.#parts.options;
    if (batch.topic === topic) await this.#deliver(batch);
    else this.#handleControl(batch);
    if (batch.topic === controlTopic || this.#watches.size > 0)
      this.#positions.set(keyOf(batch.topic, batch.partition), batch.next);
  }

  async #deliver({ topic, partition, records }: IncomingBatch): Promise<void> {
    if (this.#watches.size === 0) return;
    // Records before the start of the first watch were fetched for an earlier watch.
    const start = this.#positions.get(keyOf(topic, partition)) ?? 0;
    const live = records.filter(({ offset }) => offset >= start);
    const { events } = await decodeRecords(this.#parts.context, `${topic}/${partition}`, live);
    const bytes = sizeOf(live);
    if (events.length > 0) for (const watch of this.#watches) watch.push(events, bytes);
  }

  #handleControl({ records }: IncomingBatch): void {
    for (const { value } of records) {
      const message = decodeControlMessage(value);
      if (message !== undefined) this.#parts.onControl(message);
    }
  }

  async #startWatch(signal: AbortSignal, maxBufferedBytes: number): Promise<AsyncIterable<readonly Event[]>> {
    if (signal.aborted || this.#ending.signal.aborted) return NOTHING;
    const isFirst = this.#watches.size === 0;
    const watch = createWatch(this.#watches, maxBufferedBytes, signal, () => this.#onWatchEnd());
    try {
      if (isFirst) await this.#startReading();
      return watch;
    } catch (error) {
      watch.end();
      throw error;
    }
  }

  /** Starts to read events at the current ends of the partitions. */
  async #startReading(): Promise<void> {
    const { client, options, announce } = this.#parts;
    for (const { partition, end } of await client.ranges(options.topic)) {
      this.#positions.set(keyOf(options.topic, partition), end);
      this.#consumer?.seek(options.topic, partition, end);
    }
    this.#consumer?.resume(options.topic);
    void announce().catch(() => {});
  }

  #onWatchEnd(): void {
    if (this.#watches.size > 0) return;
    const { topic, controlTopic } = this.#parts.options;
    this.#consumer?.pause(topic);
    for (const key of [...this.#positions.keys()])
      if (!key.startsWith(`${controlTopic}/`)) this.#positions.delete(key);
  }

  /** Waits until the consumer has started or a signal is aborted. @throws {VigilantError} after `START_MS` */
  async #started(signal: AbortSignal): Promise<void> {
    const signals = [signal, this.#ending.signal];
    if (this.#isStarted || signals.some(({ aborted }) => aborted)) return;
    await new Promise<void>((resolve) => {
      const finish = (): void => {
        timer.cancel();
        this.#startWaiters.delete(finish);
        for (const each of signals) each.removeEventListener('abort', finish);
        resolve();
      };
      const timer = this.#parts.context.clock.after(START_MS, finish, { keepAlive: true });
      this.#startWaiters.add(finish);
      for (const each of signals) each.addEventListener('abort', finish, { once: true });
    });
    if (this.#isStarted || signals.some(({ aborted }) => aborted)) return;
    throw new VigilantError(
      'VIGILANT_BROKER_UNAVAILABLE',
      `The consumer of live events did not start within ${START_MS} ms. Watch again later.`,
    );
  }
}

function keyOf(topic: string, partition: number): string {
  return `${topic}/${partition}`;
}
