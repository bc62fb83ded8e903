import type { Broker } from '../contracts/broker';
import type { AdapterContext } from '../contracts/context';
import type { Store } from '../contracts/store';
import type { DeadLetterQueue } from '../delivery/dead-letter-queue';
import type { Retention } from '../retention/retention';
import type { Scheduler } from '../delivery/scheduler';
import { startScheduler } from '../delivery/scheduler';
import type { Budget } from '../query/budget';
import { withTimeout } from '../util/signals';
import type { Lifecycle } from './lifecycle';
import type { Opener } from './opener';
import { createOpener } from './opener';
import type { ResolvedVigilantOptions } from './options';

/** Opens the broker and the store of an engine, and moves events between them once both are open. */
export interface Adapters {
  readonly broker: Broker;
  readonly store: Store;
  readonly brokerOpener: Opener;
  readonly storeOpener: Opener;
  /** `undefined` until broker and store are open, and always if the store is read-only. */
  readonly scheduler: Scheduler | undefined;
  /** Opens both. @throws {VigilantError} `VIGILANT_CLOSED` once the engine is closing, unless they are open. */
  open(): Promise<void>;
  /** Opens both. Returns whether they opened in time. */
  openWithin(timeoutMs: number, signal?: AbortSignal): Promise<boolean>;
  /** Opens both. @throws {VigilantError} once the deadline has passed. */
  openBy(limits: ReturnType<Budget>): Promise<void>;
  /** Stops opening them, and rejects the callers that wait for them. */
  stopOpening(): void;
  /** Aborts all pending operations of both. */
  abandon(): void;
}

/** Dependencies of `Adapters`. */
export interface AdaptersParts {
  readonly options: ResolvedVigilantOptions;
  readonly lifecycle: Lifecycle;
  readonly deadLetterQueue: DeadLetterQueue;
  /** Started once the store is open. */
  readonly retention: Retention | undefined;
  readonly services: Omit<AdapterContext, 'signal'>;
}

/** Creates the adapters of an engine. They are not opened yet. */
export function createAdapters(parts: AdaptersParts): Adapters {
  return new EngineAdapters(parts);
}

class EngineAdapters implements Adapters {
  readonly broker: Broker;
  readonly store: Store;
  readonly brokerOpener: Opener;
  readonly storeOpener: Opener;
  readonly #parts: AdaptersParts;
  #scheduler: Scheduler | undefined;

  constructor(parts: AdaptersParts) {
    const { options, services } = parts;
    const { broker, store } = options;
    const onOpen = (): void => this.#startWhenOpen();
    const onStoreOpen = (): void => {
      parts.retention?.start();
      onOpen();
    };
    this.#parts = parts;
    this.broker = broker;
    this.store = store;
    this.brokerOpener = createOpener({ name: 'broker', adapter: broker, services, onOpen });
    this.storeOpener = createOpener({ name: 'store', adapter: store, services, onOpen: onStoreOpen });
  }

  get scheduler(): Scheduler | undefined {
    return this.#scheduler;
  }

  async open(): Promise<void> {
    const { lifecycle } = this.#parts;
    lifecycle.checkNotClosed();
    if (!this.#areOpen()) lifecycle.checkRunning();
    // The store is opened first, so that no broker stays open if the store fails.
    await this.storeOpener.open();
    await this.brokerOpener.open();
  }

  openWithin(timeoutMs: number, signal?: AbortSignal): Promise<boolean> {
    const { clock } = this.#parts.services;
    const opened = this.open().then(() => true);
    return withTimeout(opened, { clock, timeoutMs, signal, onTimeout: () => false });
  }

  async openBy({ deadlineMs, signal }: ReturnType<Budget>): Promise<void> {
    if (await this.openWithin(deadlineMs, signal)) return;
    throw (this.storeOpener.state === 'open' ? this.brokerOpener : this.storeOpener).notOpened(deadlineMs);
  }

  stopOpening(): void {
    this.brokerOpener.stop();
    this.storeOpener.stop();
  }

  abandon(): void {
    this.brokerOpener.abandon();
    this.storeOpener.abandon();
  }

  #areOpen(): boolean {
    return this.brokerOpener.state === 'open' && this.storeOpener.state === 'open';
  }

  #startWhenOpen(): void {
    const { options, services, deadLetterQueue } = this.#parts;
    if (!this.#areOpen() || options.isReadOnly) return;
    this.#reportVolatileBroker();
    this.#scheduler = startScheduler({
      broker: this.broker,
      store: this.store,
      deadLetters: deadLetterQueue,
      clock: services.clock,
      diagnostics: services.diagnostics,
      bounds: options.batch,
    });
  }

  #reportVolatileBroker(): void {
    const isVolatile = this.broker.capabilities.durability === 'memory';
    if (!isVolatile || this.store.capabilities.durability === 'memory') return;
    const message =
      'The broker keeps accepted events only in memory until they are stored, although the store is durable. These events are ' +
      'lost if the process crashes or is killed. Use a durable broker, such as createSqliteBroker() of @vigilant/store-sqlite.';
    this.#parts.services.diagnostics({
      level: 'warn',
      component: 'engine',
      code: 'volatile-broker',
      message,
    });
  }
}
