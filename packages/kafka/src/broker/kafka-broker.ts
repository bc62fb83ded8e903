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
  Timer,
  WatchOptions,
} from '@vigilant/core';
import { VigilantError, isVigilantError, sleep } from '@vigilant/core';
import { raiseBarrier } from '../coordination/group-barrier';
import type { Broadcast } from '../consume/watch-consumer';
import { startBroadcast } from '../consume/watch-consumer';
import type { KafkaClient } from '../contracts/kafka-client';
import type { GroupConsumption } from '../consume/group-consumer';
import { startGroupConsumption } from '../consume/group-consumer';
import { findTrouble, isConsumptionBlocked } from './kafka-status';
import { createKafkajsClient } from '../kafkajs/kafkajs-client';
import type { KafkaBrokerOptions, ResolvedKafkaOptions } from '../contracts/kafka-options';
import { resolveKafkaOptions } from '../contracts/kafka-options';
import type { Peers } from '../coordination/presence';
import { createPeers } from '../coordination/presence';
import type { Offsets, Progress } from '../offsets/group-progress';
import { createProgress } from '../offsets/group-progress';
import { retryUntil } from './retry-within';
import type { Sender } from '../publish/publisher';
import { createSender } from '../publish/publisher';
import type { TopicFacts } from './prepare-topics';
import { prepareTopics } from './prepare-topics';

const DELIVERY_BYTES = 1024 * 1024;

/** How long `open` waits for Kafka before it goes on trying in the background, in milliseconds. */
const OPEN_MS = 5_000;

/** How often Kafka is asked where everything stands, in milliseconds; each fifth time only, as long as nothing happens. */
const LOOK_MS = 2_000;
const QUIET_LOOKS = 5;

/** How long closing waits for answers, and how long it takes its leave at least before connections are cut, in milliseconds. */
const CLOSE_MS = 4_000;
const LEAVE_MS = 1_000;

/**
 * Creates a broker on a topic of Kafka, for any number of processes on one store.
 *
 * `open` rejects when the settings cannot work, and resolves when Kafka is merely not there yet: then
 * `status()` says so, and everything begins once it is.
 */
export function createKafkaBroker(options: KafkaBrokerOptions): Broker {
  return new KafkaBroker(resolveKafkaOptions(options));
}

/** What exists while the broker is open. */
interface Running {
  readonly context: AdapterContext;
  readonly client: KafkaClient;
  readonly progress: Progress;
  readonly sender: Sender;
  readonly broadcast: Broadcast;
  readonly peers: Peers;
  readonly closing: AbortController;
}

class KafkaBroker implements Broker {
  readonly capabilities: BrokerCapabilities;
  readonly #options: ResolvedKafkaOptions;
  #opening: { readonly closing: AbortController; readonly ended: Promise<unknown> } | undefined;
  #running: Running | undefined;
  #consumption: GroupConsumption | undefined;
  /** The end of the consumption before: a member leaves the group before it joins again. */
  #left: Promise<void> = Promise.resolve();
  #facts: TopicFacts | undefined;
  #trouble: string | undefined;
  #lastProgressAt: number | undefined;
  #lastError: string | undefined;
  #timer: Timer | undefined;
  #looks = 0;
  #closed: Promise<void> | undefined;

  constructor(options: ResolvedKafkaOptions) {
    this.#options = options;
    const isReplicated = (): boolean => this.#facts?.isReplicated === true;
    this.capabilities = Object.freeze({
      // More than one machine is claimed only once that was seen.
      get durability() {
        return isReplicated() ? 'replicated' : 'disk';
      },
      shared: true,
    });
  }

  async open(context: AdapterContext): Promise<void> {
    const closing = new AbortController();
    const opened = this.#start(context, closing);
    const ended = opened.catch(() => {}).then(() => (this.#opening = undefined));
    this.#closed = undefined;
    this.#opening = { closing, ended };
    await opened;
  }

  async #start(context: AdapterContext, closing: AbortController): Promise<void> {
    const options = this.#options;
    const { clock } = context;
    this.#trouble = undefined;
    const client = createKafkajsClient(options, context.diagnostics);
    const progress = createProgress(client, options.groupId, options.topic, clock);
    const onProgress = (): void => void (this.#lastProgressAt = clock.now());
    progress.onChange(onProgress);
    const onFlush = (ends: Offsets): void => this.#consumption?.flushThrough(ends);
    const done = new AbortController();
    try {
      const giveUp = AbortSignal.any([done.signal, closing.signal]);
      const late = sleep(clock, OPEN_MS, giveUp, { keepAlive: true }).catch(() => {});
      await retryUntil(late, clock, () => this.#prepare(client, progress, context));
    } catch (error) {
      if (!isVigilantError(error) || !error.retryable) {
        await client.close(Promise.resolve());
        throw error;
      }
      this.#trouble = error.message;
      if (!closing.signal.aborted)
        this.#report('not-reachable', `${error.message} Trying again until it answers.`, context, error);
    } finally {
      done.abort();
    }
    if (closing.signal.aborted) {
      await client.close(Promise.resolve());
      throw new VigilantError('VIGILANT_BROKER_CLOSED', 'The Kafka broker was closed while it opened.');
    }
    const peers = createPeers({
      ...{ client, clock, controlTopic: options.controlTopic },
      forgottenMs: 2 * options.sessionTimeoutMs,
    });
    const running: Running = {
      ...{ context, client, progress, peers, closing },
      sender: createSender({ client, options, progress, clock, onProgress }),
      broadcast: startBroadcast({
        ...{ client, options, context, greet: () => peers.greet() },
        onControl(message) {
          peers.note(message);
          if ('flush' in message) onFlush(message.flush);
        },
      }),
    };
    this.#running = running;
    this.#lookLater(running);
  }

  async publish(events: readonly Event[]): Promise<void> {
    const { sender } = this.#open();
    if (events.length > 0) await sender.publish(events);
  }

  async *consume({ signal, maxBytes = DELIVERY_BYTES }: ConsumeOptions): AsyncGenerator<Delivery> {
    const { client, progress, context, closing, peers } = this.#open();
    this.#consumption?.end();
    await this.#left;
    if (signal.aborted || closing.signal.aborted) return;
    const consumption = startGroupConsumption({
      ...{ client, progress, context, options: this.#options },
      onAssigned: () => peers.noteAssigned(),
    });
    const onAbort = (): void => consumption.end();
    signal.addEventListener('abort', onAbort, { once: true });
    this.#consumption = consumption;
    try {
      for (;;) {
        const delivery = await consumption.next(maxBytes);
        if (delivery === undefined) return;
        yield delivery;
      }
    } finally {
      signal.removeEventListener('abort', onAbort);
      if (this.#consumption === consumption) this.#consumption = undefined;
      this.#left = consumption.stop();
      await this.#left;
    }
  }

  async watch(options: WatchOptions): Promise<AsyncIterable<readonly Event[]>> {
    return this.#open().broadcast.watch(options);
  }

  async barrier(options: BarrierOptions): Promise<BarrierResult> {
    const { client, progress, context, closing } = this.#open();
    return raiseBarrier(
      {
        ...{ client, progress, clock: context.clock, closing: closing.signal },
        controlTopic: this.#options.controlTopic,
        flushThrough: (ends) => this.#consumption?.flushThrough(ends),
      },
      options,
    );
  }

  status(): BrokerStatus {
    if (this.#running === undefined) return { state: 'closed', pendingEvents: 0, pendingBytes: 0 };
    const { progress, context, peers, broadcast } = this.#running;
    const [clock, consumption] = [context.clock, this.#consumption];
    const reason =
      this.#trouble ??
      broadcast.trouble ??
      findTrouble({
        clock,
        consumption,
        retentionMs: this.#facts?.retentionMs,
        peerSilenceMs: peers.silentMs(),
        lostEvents: progress.lost,
        openTransaction: progress.openTransaction(),
        topic: this.#options.topic,
      });
    const isBlocked = this.#trouble !== undefined || isConsumptionBlocked({ clock, consumption });
    return {
      ...(reason === undefined ? { state: 'ready' } : { state: 'degraded', reason }),
      ...(isBlocked ? { isBlocked } : {}),
      pendingEvents: progress.pending(),
      pendingBytes: progress.pendingBytes(),
      ...(this.#lastProgressAt === undefined ? {} : { lastProgressAt: this.#lastProgressAt }),
      ...(this.#lastError === undefined ? {} : { lastError: this.#lastError }),
    };
  }

  close(): Promise<void> {
    this.#closed ??= this.#close();
    return this.#closed;
  }

  async #close(): Promise<void> {
    if (this.#opening !== undefined) {
      this.#opening.closing.abort();
      await this.#opening.ended;
    }
    const running = this.#running;
    if (running === undefined) return;
    const { context, client, sender, broadcast, closing, peers } = running;
    this.#running = undefined;
    closing.abort();
    this.#timer?.cancel();
    this.#consumption?.end();
    broadcast.end();
    const done = new AbortController();
    const pause = (ms: number, signal: AbortSignal): Promise<void> =>
      sleep(context.clock, ms, signal, { keepAlive: true }).catch(() => {});
    const isLate = pause(CLOSE_MS, AbortSignal.any([context.signal, done.signal]));
    // Whoever goes without a word is waited for as long as its session lasts.
    const givenUp = isLate.then(() => pause(LEAVE_MS, done.signal));
    // First of all: it also ends the fetch that waits.
    const left = peers.leave().catch(() => {});
    await sender.close(isLate);
    await Promise.race([left, givenUp]);
    const stopped = Promise.all([this.#consumption?.stop(), this.#left, broadcast.stop()]);
    await Promise.race([stopped, givenUp]);
    await client.close(givenUp);
    done.abort();
  }

  /** What has to be true before anything can begin. */
  async #prepare(client: KafkaClient, progress: Progress, context: AdapterContext): Promise<void> {
    await client.connect();
    // Events of a new topic may be published and stored before Kafka confirms that it has created the topic.
    const pendingBefore = progress.pending();
    this.#facts ??= await prepareTopics(client, this.#options, context.diagnostics, () =>
      progress.restart(pendingBefore),
    );
    await progress.refresh();
  }

  /** Looks again and again where everything stands; nothing of it keeps the process alive. */
  #lookLater(running: Running): void {
    const { client, progress, context, closing, peers } = running;
    const isDue = this.#looks % QUIET_LOOKS === 0;
    this.#looks += 1;
    const look = async (): Promise<void> => {
      try {
        const isQuiet = this.#trouble === undefined && progress.pending() === 0;
        if (isDue || !isQuiet) await this.#prepare(client, progress, context);
        if (isDue || !peers.isAlone) await peers.greet();
        this.#trouble = undefined;
      } catch (error) {
        this.#trouble = error instanceof Error ? error.message : String(error);
        // Somebody may have deleted a topic: it is made again.
        this.#facts = undefined;
        if (!closing.signal.aborted) this.#report('not-reachable', this.#trouble, context, error);
      }
      if (!closing.signal.aborted) this.#lookLater(running);
    };
    this.#timer = context.clock.after(LOOK_MS, () => void look());
  }

  #report(code: string, message: string, { diagnostics }: AdapterContext, error: unknown): void {
    this.#lastError = message;
    diagnostics({ level: 'warn', component: 'kafka', code, message, error });
  }

  #open(): Running {
    if (this.#running !== undefined) return this.#running;
    throw new VigilantError('VIGILANT_BROKER_CLOSED', 'The Kafka broker is not open; call open() first.');
  }
}
