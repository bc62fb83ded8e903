import type { Clock } from '@vigilant/core';
import { VigilantError } from '@vigilant/core';
import type { EncodedEvents } from '@vigilant/core/adapter';
import { FULL_RETRY_MS, backOffMs, sleep, yieldToEventLoop } from '@vigilant/core/adapter';
import type { AckRange, CommitRequest, CommitResult } from '../journal/journal-protocol';
import type { PublishedBatch } from './pack-batches';
import { packBatches } from './pack-batches';
import { isLostCall } from '../thread/worker-thread';

/** Size of a transaction at which later batches wait for the next one, in bytes. */
const MAX_COMMIT_BYTES = 4 * 1024 * 1024;

/** Size from which a transaction waits for further publishes, and at which it no longer does, in bytes. */
const MIN_GATHERED_BYTES = 64 * 1024;
const MAX_GATHERED_BYTES = 512 * 1024;

/** Turns of the event loop without a publish after which a transaction starts. A large batch is prepared in several turns. */
const QUIET_TURNS = 2;

/** Maximum number of times that a batch is sent if the thread dies each time. */
const MAX_SENDS = 3;

const ACK_BACK_OFF = { firstMs: 50, maxMs: 1_000 };

/** Dependencies of a `JournalWriter`. */
export interface JournalWriterContext {
  readonly clock: Clock;
  /** Ends pauses and pending acknowledgements. */
  readonly signal: AbortSignal;
  readonly capacityBytes: number;
  /** Returns the current owner, which changes when the thread is restarted. */
  owner(): number;
  commit(request: CommitRequest): Promise<CommitResult>;
  /** Resolves once a dead thread has been restarted; rejects if that fails. */
  restarted(): Promise<void>;
  /** Called with the removed amounts before the acknowledgements resolve. */
  removed(removed: CommitResult['removed']): void;
}

/** A batch in the journal. */
export interface HeldBatch {
  readonly number: number;
  /** Whether a thread that died has written it, so that it is among the orphaned batches. */
  readonly isKnown: boolean;
}

interface Publish extends PublishedBatch {
  readonly resolve: (held: HeldBatch) => void;
  readonly reject: (error: unknown) => void;
}

interface Acknowledgement {
  readonly ranges: readonly AckRange[];
  readonly resolve: () => void;
  readonly reject: (error: unknown) => void;
}

/** Writes publishes and acknowledgements in transactions. While one transaction runs, the next one fills. */
export class JournalWriter {
  readonly #context: JournalWriterContext;
  #publishes: Publish[] = [];
  #acks: Acknowledgement[] = [];
  #numbers = 0;
  #running: Promise<void> | undefined;
  readonly #closing = new AbortController();
  readonly #ending: AbortSignal;

  constructor(context: JournalWriterContext) {
    this.#context = context;
    this.#ending = AbortSignal.any([context.signal, this.#closing.signal]);
  }

  /** Whether anything is being written or waits to be written. */
  get isBusy(): boolean {
    return this.#running !== undefined;
  }

  /** Resolves once the events are in the journal. */
  publish(events: EncodedEvents): Promise<HeldBatch> {
    return new Promise((resolve, reject) => {
      this.#numbers += 1;
      this.#publishes.push({ number: this.#numbers, events, resolve, reject });
      this.#start();
    });
  }

  /** Resolves once the acknowledgements are written. Retries until the writer closes. */
  acknowledge(ranges: readonly AckRange[]): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#acks.push({ ranges, resolve, reject });
      this.#start();
    });
  }

  /** Resolves once all pending operations are settled. */
  async close(): Promise<void> {
    this.#closing.abort();
    await this.#running;
  }

  #start(): void {
    this.#running ??= this.#run().finally(() => (this.#running = undefined));
  }

  async #run(): Promise<void> {
    // Events that are published in the same turn share a transaction.
    await Promise.resolve();
    let failures = 0;
    while (this.#publishes.length > 0 || this.#acks.length > 0) {
      if (this.#isGathering) await this.#gather();
      const publishes = this.#takePublishes();
      const acks = this.#acks.splice(0);
      try {
        this.#settle(publishes, acks, await this.#send(publishes, acks));
        failures = 0;
      } catch (error) {
        for (const { reject } of publishes) reject(error);
        if (this.#ending.aborted) for (const { reject } of acks) reject(error);
        else this.#acks.unshift(...acks);
        failures += 1;
        // The batches may exceed the space on the disk, so the acknowledgements are retried at once without them.
        if (publishes.length === 0) await this.#pause(failures);
      }
    }
  }

  /** Whether the waiting publishes are large enough to wait for more. */
  get #isGathering(): boolean {
    const bytes = this.#publishes.reduce((sum, { events }) => sum + events.bytes, 0);
    return bytes >= MIN_GATHERED_BYTES && bytes < MAX_GATHERED_BYTES;
  }

  /** Waits while large publishes follow each other, because each transaction has a cost of its own. */
  async #gather(): Promise<void> {
    let quietTurns = 0;
    while (quietTurns < QUIET_TURNS && this.#isGathering) {
      const { length } = this.#publishes;
      await yieldToEventLoop();
      quietTurns = this.#publishes.length > length ? 0 : quietTurns + 1;
    }
  }

  async #pause(failures: number): Promise<void> {
    const delayMs = backOffMs(ACK_BACK_OFF, failures, Math.random);
    await sleep(this.#context.clock, delayMs, this.#ending).catch(() => {});
  }

  #takePublishes(): readonly Publish[] {
    let bytes = 0;
    const index = this.#publishes.findIndex((publish) => {
      bytes += publish.events.bytes;
      return bytes >= MAX_COMMIT_BYTES;
    });
    return this.#publishes.splice(0, index === -1 ? this.#publishes.length : index + 1);
  }

  /** Sends a transaction again when the thread dies. Owner and number identify its batches. */
  async #send(publishes: readonly Publish[], acks: readonly Acknowledgement[]): Promise<CommitResult> {
    const ranges = acks.flatMap((ack) => ack.ranges);
    const sentAs: number[] = [];
    for (;;) {
      const packed = packBatches(publishes);
      const owner = this.#context.owner();
      try {
        return await this.#context.commit({ ...packed, acks: ranges, sentAs });
      } catch (error) {
        if (!isLostCall(error) || sentAs.length + 1 >= MAX_SENDS) throw error;
        sentAs.push(owner);
        await this.#context.restarted();
      }
    }
  }

  #settle(
    publishes: readonly Publish[],
    acks: readonly Acknowledgement[],
    { rejected, known, removed }: CommitResult,
  ): void {
    const rejectedNumbers = new Set(rejected);
    const knownNumbers = new Set(known);
    this.#context.removed(removed);
    for (const { resolve } of acks) resolve();
    for (const { number, events, resolve, reject } of publishes) {
      if (rejectedNumbers.has(number)) reject(full(events.bytes, this.#context.capacityBytes));
      else resolve({ number, isKnown: knownNumbers.has(number) });
    }
  }
}

function full(bytes: number, capacityBytes: number): VigilantError {
  return new VigilantError(
    'VIGILANT_BROKER_FULL',
    `The SQLite broker is full: ${bytes} more bytes exceed its limit of ${capacityBytes} bytes. Retry later, or raise maxBytes.`,
    { retryAfterMs: FULL_RETRY_MS },
  );
}
