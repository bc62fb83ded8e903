import { VigilantError } from '@vigilant/core';
import type {
  AdapterContext,
  BarrierOptions,
  BarrierResult,
  Broker,
  BrokerCapabilities,
  BrokerStatus,
  ConsumeOptions,
  Delivery,
  Event,
  WatchOptions,
} from '@vigilant/core';
import { checkContext, sleep } from '@vigilant/core/adapter';
import type { GroupConsumer } from '../consume/group-consumer';
import { startGroupConsumer } from '../consume/group-consumer';
import type { WatchConsumer } from '../consume/watch-consumer';
import { startWatchConsumer } from '../consume/watch-consumer';
import type { KafkaClient, Offsets } from '../contracts/kafka-client';
import type { KafkaBrokerOptions, ResolvedKafkaOptions } from '../contracts/kafka-options';
import { resolveKafkaOptions } from '../contracts/kafka-options';
import { raiseGroupBarrier } from '../coordination/group-barrier';
import type { Presence } from '../coordination/presence';
import { createPresence } from '../coordination/presence';
import { createKafkajsClient } from '../kafkajs/kafkajs-client';
import type { GroupProgress } from '../offsets/group-progress';
import { createGroupProgress } from '../offsets/group-progress';
import type { Publisher } from '../publish/publisher';
import { createPublisher } from '../publish/publisher';
import { degradedReason, isConsumerBlocked } from './kafka-status';
import { LOWEST_DURABILITY } from './topic-facts';
import type { TopicMonitor } from './topic-monitor';
import { createTopicMonitor } from './topic-monitor';

const DEFAULT_DELIVERY_BYTES = 1024 * 1024;

/** Maximum time that `close` waits for responses, in milliseconds. */
const CLOSE_MS = 4_000;

/** Maximum time that `close` then waits to leave the group before it destroys the connections, in milliseconds. */
const LEAVE_MS = 1_000;

/**
 * Creates a broker on a Kafka topic, which any number of processes with one store can share.
 *
 * `open` rejects if the options cannot work. If Kafka is unreachable it resolves: `status()` then reports the reason, and
 * the broker connects in the background.
 */
export function createKafkaBroker(options: KafkaBrokerOptions): Broker {
  return new KafkaBroker(resolveKafkaOptions(options));
}

/** The parts of an open broker. */
interface OpenBroker {
  readonly context: AdapterContext;
  readonly client: KafkaClient;
  readonly progress: GroupProgress;
  readonly presence: Presence;
  readonly monitor: TopicMonitor;
  readonly publisher: Publisher;
  readonly watchConsumer: WatchConsumer;
  readonly closing: AbortController;
}

class KafkaBroker implements Broker {
  readonly capabilities: BrokerCapabilities = Object.freeze({
    durability: LOWEST_DURABILITY,
    shared: true,
  } as const);
  readonly #options: ResolvedKafkaOptions;
  #opening: { readonly closing: AbortController; readonly ended: Promise<unknown> } | undefined;
  #open: OpenBroker | undefined;
  #consumer: GroupConsumer | undefined;
  /** Resolves when the previous consumer has left the group. */
  #left: Promise<void> = Promise.resolve();
  #lastProgressAt: number | undefined;
  #closed: Promise<void> | undefined;

  constructor(options: ResolvedKafkaOptions) {
    this.#options = options;
  }

  async open(context: AdapterContext): Promise<void> {
    checkContext(context);
    const closing = new AbortController();
    const opened = this.#start(context, closing);
    const ended = opened.catch(() => {}).then(() => (this.#opening = undefined));
    this.#closed = undefined;
    this.#opening = { closing, ended };
    await opened;
  }

  async publish(events: readonly Event[]): Promise<void> {
    const { publisher } = this.#requireOpen();
    if (events.length > 0) await publisher.publish(events);
  }

  async *consume({ signal, maxBytes = DEFAULT_DELIVERY_BYTES }: ConsumeOptions): AsyncGenerator<Delivery> {
    const { client, progress, context, closing, presence } = this.#requireOpen();
    this.#consumer?.end();
    await this.#left;
    if (signal.aborted || closing.signal.aborted) return;
    const onAssigned = (): void => presence.noteRebalance();
    const consumer = startGroupConsumer({ client, progress, context, options: this.#options, onAssigned });
    const onAbort = (): void => consumer.end();
    signal.addEventListener('abort', onAbort, { once: true });
    this.#consumer = consumer;
    try {
      for (;;) {
        const delivery = await consumer.next(maxBytes);
        if (delivery === undefined) return;
        yield delivery;
      }
    } finally {
      signal.removeEventListener('abort', onAbort);
      if (this.#consumer === consumer) this.#consumer = undefined;
      this.#left = consumer.stop();
      await this.#left;
    }
  }

  async watch(options: WatchOptions): Promise<AsyncIterable<readonly Event[]>> {
    return this.#requireOpen().watchConsumer.watch(options);
  }

  async barrier(options: BarrierOptions): Promise<BarrierResult> {
    const { client, progress, context, closing } = this.#requireOpen();
    const parts = {
      client,
      controlTopic: this.#options.controlTopic,
      progress,
      clock: context.clock,
      closing: closing.signal,
      requestFlush: (ends: Offsets) => this.#consumer?.requestFlush(ends),
    };
    return raiseGroupBarrier(parts, options);
  }

  status(): BrokerStatus {
    if (this.#open === undefined) return { state: 'closed', pendingEvents: 0, pendingBytes: 0 };
    const { progress, monitor } = this.#open;
    const { clock } = this.#open.context;
    const reason = this.#degradedReason(this.#open);
    const { facts } = monitor;
    const isBlocked = monitor.failureReason !== undefined || isConsumerBlocked(clock, this.#consumer);
    return {
      ...(reason === undefined ? { state: 'ready' } : { state: 'degraded', reason }),
      ...(isBlocked ? { isBlocked } : {}),
      pendingEvents: progress.pending(),
      pendingBytes: progress.pendingBytes(),
      ...(this.#lastProgressAt === undefined ? {} : { lastProgressAt: this.#lastProgressAt }),
      ...(monitor.lastError === undefined ? {} : { lastError: monitor.lastError }),
      ...(facts === undefined ? {} : { durability: facts.durability }),
    };
  }

  close(): Promise<void> {
    this.#closed ??= this.#close();
    return this.#closed;
  }

  async #start(context: AdapterContext, closing: AbortController): Promise<void> {
    const options = this.#options;
    const { clock, diagnostics } = context;
    const client = createKafkajsClient(options, diagnostics);
    const progress = createGroupProgress(client, options.groupId, options.topic, clock);
    const onProgress = (): void => void (this.#lastProgressAt = clock.now());
    progress.onChange(onProgress);
    const { controlTopic } = options;
    const presence = createPresence({
      client,
      clock,
      controlTopic,
      forgetAfterMs: 2 * options.sessionTimeoutMs,
    });
    const monitor = createTopicMonitor({ client, options, context, progress, presence });
    try {
      await monitor.connect(closing.signal);
      if (closing.signal.aborted)
        throw new VigilantError('VIGILANT_BROKER_CLOSED', 'The Kafka broker was closed while it opened.');
    } catch (error) {
      await client.close(Promise.resolve());
      throw error;
    }
    const publisher = createPublisher({ client, options, progress, clock, onConfirmed: onProgress });
    const watchConsumer = startWatchConsumer({
      client,
      options,
      context,
      announce: () => presence.announce(),
      onControl: (message) => {
        presence.note(message);
        if ('flush' in message) this.#consumer?.requestFlush(message.flush);
      },
    });
    this.#open = { context, client, progress, presence, monitor, publisher, watchConsumer, closing };
    monitor.start();
  }

  async #close(): Promise<void> {
    if (this.#opening !== undefined) {
      this.#opening.closing.abort();
      await this.#opening.ended;
    }
    const open = this.#open;
    if (open === undefined) return;
    this.#open = undefined;
    open.closing.abort();
    open.monitor.stop();
    this.#consumer?.end();
    open.watchConsumer.end();
    await this.#leave(open);
  }

  /** Waits for pending publishes and leaves the groups, within the time limits of closing. */
  async #leave({ context, client, publisher, watchConsumer, presence }: OpenBroker): Promise<void> {
    const done = new AbortController();
    const pause = (ms: number, signal: AbortSignal): Promise<void> =>
      sleep(context.clock, ms, signal, { keepAlive: true }).catch(() => {});
    const late = pause(CLOSE_MS, AbortSignal.any([context.signal, done.signal]));
    // A member that does not leave blocks its partitions until its session expires.
    const givenUp = late.then(() => pause(LEAVE_MS, done.signal));
    // Announced first, because the message also ends a fetch that waits for records.
    const announced = presence.leave().catch(() => {});
    await publisher.close(late);
    await Promise.race([announced, givenUp]);
    const stopped = Promise.all([this.#consumer?.stop(), this.#left, watchConsumer.stop()]);
    await Promise.race([stopped, givenUp]);
    await client.close(givenUp);
    done.abort();
  }

  #degradedReason({ context, progress, presence, monitor, watchConsumer }: OpenBroker): string | undefined {
    return (
      monitor.failureReason ??
      watchConsumer.failureReason ??
      degradedReason({
        clock: context.clock,
        consumer: this.#consumer,
        retentionMs: monitor.facts?.retentionMs,
        serverSilenceMs: presence.longestSilenceMs(),
        lostEvents: progress.lost,
        openTransaction: progress.openTransaction(),
        topic: this.#options.topic,
      })
    );
  }

  #requireOpen(): OpenBroker {
    if (this.#open !== undefined) return this.#open;
    throw new VigilantError('VIGILANT_BROKER_CLOSED', 'The Kafka broker is not open. Call open() first.');
  }
}
