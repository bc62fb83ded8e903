import { isVigilantError } from '@vigilant/core';
import type { AdapterContext, Timer } from '@vigilant/core';
import { reasonOf, sleep } from '@vigilant/core/adapter';
import type { KafkaClient } from '../contracts/kafka-client';
import type { ResolvedKafkaOptions } from '../contracts/kafka-options';
import type { Presence } from '../coordination/presence';
import type { GroupProgress } from '../offsets/group-progress';
import { prepareTopics } from './prepare-topics';
import type { TopicFacts } from './topic-facts';
import { retryWithin } from './retry-within';

/** Maximum time that `connect` waits for Kafka before it continues in the background, in milliseconds. */
const CONNECT_MS = 5_000;

/** Interval between polls, in milliseconds. While nothing is pending, only every fifth poll asks Kafka. */
const POLL_MS = 2_000;
const IDLE_POLLS = 5;

/** Prepares the topics, and polls the ends and committed offsets. */
export interface TopicMonitor {
  /** Properties of the topic; `undefined` until they are known. */
  readonly facts: TopicFacts | undefined;
  /** Why Kafka cannot be used at present. */
  readonly failureReason: string | undefined;
  /** The last failure reason, which is kept after a recovery. */
  readonly lastError: string | undefined;
  /**
   * Connects and prepares the topics. Resolves with a `failureReason` if Kafka does not respond in time or the signal is
   * aborted. Rejects if the options cannot work.
   */
  connect(signal: AbortSignal): Promise<void>;
  /** Starts polling. Does not keep the process alive. */
  start(): void;
  stop(): void;
}

/** Dependencies of a `TopicMonitor`. */
export interface TopicMonitorParts {
  readonly client: KafkaClient;
  readonly options: ResolvedKafkaOptions;
  readonly context: AdapterContext;
  readonly progress: GroupProgress;
  readonly presence: Presence;
}

/** Creates a monitor. */
export function createTopicMonitor(parts: TopicMonitorParts): TopicMonitor {
  return new PollingMonitor(parts);
}

class PollingMonitor implements TopicMonitor {
  readonly #parts: TopicMonitorParts;
  #facts: TopicFacts | undefined;
  #failureReason: string | undefined;
  #lastError: string | undefined;
  #timer: Timer | undefined;
  #polls = 0;
  #isStopped = false;

  constructor(parts: TopicMonitorParts) {
    this.#parts = parts;
  }

  get facts(): TopicFacts | undefined {
    return this.#facts;
  }

  get failureReason(): string | undefined {
    return this.#failureReason;
  }

  get lastError(): string | undefined {
    return this.#lastError;
  }

  async connect(signal: AbortSignal): Promise<void> {
    const { clock } = this.#parts.context;
    const done = new AbortController();
    const giveUp = AbortSignal.any([done.signal, signal]);
    const late = sleep(clock, CONNECT_MS, giveUp, { keepAlive: true }).catch(() => {});
    try {
      await retryWithin(late, clock, () => this.#prepare());
    } catch (error) {
      if (!isVigilantError(error) || !error.retryable) throw error;
      this.#failureReason = error.message;
      if (!signal.aborted) this.#report(`${error.message} Retrying in the background.`, error);
    } finally {
      done.abort();
    }
  }

  start(): void {
    this.#timer = this.#parts.context.clock.after(POLL_MS, () => void this.#poll());
  }

  stop(): void {
    this.#isStopped = true;
    this.#timer?.cancel();
  }

  async #prepare(): Promise<void> {
    const { client, options, context, progress } = this.#parts;
    await client.connect();
    // Events of a new topic may be published and stored before Kafka confirms that it has created the topic.
    const pendingBefore = progress.pending();
    const onCreated = (): void => progress.restart(pendingBefore);
    this.#facts ??= await prepareTopics(client, options, context.diagnostics, onCreated);
    await progress.refresh();
  }

  async #poll(): Promise<void> {
    const { progress, presence } = this.#parts;
    const isDue = this.#polls % IDLE_POLLS === 0;
    this.#polls += 1;
    try {
      const isIdle = this.#failureReason === undefined && progress.pending() === 0;
      if (isDue || !isIdle) await this.#prepare();
      if (isDue || !presence.isAlone) await presence.announce();
      this.#failureReason = undefined;
    } catch (error) {
      this.#failureReason = reasonOf(error);
      // A topic that was deleted is created again.
      this.#facts = undefined;
      if (!this.#isStopped) this.#report(this.#failureReason, error);
    }
    if (!this.#isStopped) this.start();
  }

  #report(message: string, error: unknown): void {
    this.#lastError = message;
    this.#parts.context.diagnostics({
      level: 'warn',
      component: 'kafka',
      code: 'not-reachable',
      message,
      error,
    });
  }
}
