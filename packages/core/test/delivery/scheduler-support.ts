import type { ManualClock } from '../../src/util/clock';
import { createManualClock } from '../../src/util/clock';
import type { Broker } from '../../src/contracts/broker';
import type { AdapterContext } from '../../src/contracts/context';
import type { DocumentStore } from '../../src/contracts/documents';
import type { Store } from '../../src/contracts/store';
import type { Usage } from '../../src/delivery/batch-buffer';
import { createDeadLetterQueue } from '../../src/delivery/dead-letter-queue';
import type { Scheduler } from '../../src/delivery/scheduler';
import { startScheduler } from '../../src/delivery/scheduler';
import type { DiagnosticSink } from '../../src/util/diagnostics';
import { encodedSize } from '../../src/event/codec';
import type { Event } from '../../src/event/event';
import { createMemoryBroker } from '../../src/memory/memory-broker';
import { createMemoryDocuments } from '../../src/memory/memory-documents';

export const BOUNDS = {
  intervalMs: 30_000,
  maxEvents: 5_000,
  maxBytes: 8_000_000,
};

export const MIB = 1024 * 1024;

let running: Scheduler | undefined;

/** Stops the scheduler that a test started, for `afterEach()`. */
export const stopScheduler = (): Promise<void> | undefined => running?.stop();

interface StartOptions {
  readonly bounds?: Partial<typeof BOUNDS>;
  readonly documents?: DocumentStore;
  readonly maxDeadLetters?: number;
  readonly broker?: Broker;
  readonly clock?: ManualClock;
  readonly capacityBytes?: number;
  readonly diagnostics?: DiagnosticSink;
  readonly ack?: (ack: () => Promise<void>) => Promise<void>;
}

/** Starts a scheduler on a store, with a memory broker unless the test gives another one. */
export async function start(store: Store, options: StartOptions = {}) {
  const {
    documents = createMemoryDocuments(),
    maxDeadLetters = 100,
    capacityBytes = 64 * MIB,
    broker = createMemoryBroker({ maxBytes: capacityBytes }),
    clock = createManualClock(),
    diagnostics = () => {},
    ack = (original) => original(),
  } = options;
  const context: AdapterContext = {
    ...{ clock, diagnostics },
    signal: new AbortController().signal,
    decodeEvent: () => {
      throw new Error('There are no external records.');
    },
  };
  await store.open(context);
  await broker.open(context);
  const deadLetters = createDeadLetterQueue({
    ...{ documents, diagnostics, isVolatile: false, maxCount: maxDeadLetters, now: () => clock.now() },
  });
  const taken: Event[] = [];
  const { consume } = broker;
  broker.consume = async function* (request) {
    for await (const delivery of consume.call(broker, request)) {
      taken.push(...delivery.events);
      yield { ...delivery, ack: () => ack(delivery.ack) };
    }
  };
  const scheduler = startScheduler({
    ...{ broker, store, clock, deadLetters, diagnostics, random: () => 1 },
    bounds: { ...BOUNDS, ...options.bounds },
  });
  running = scheduler;
  const usage = (): Usage => ({
    events: taken.length,
    objects: taken.length,
    bytes: taken.reduce((sum, each) => sum + encodedSize(each), 0),
  });
  return { broker, clock, scheduler, deadLetters, taken: usage };
}
