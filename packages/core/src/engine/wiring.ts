import type { AdapterContext } from '../contracts/context';
import type { DeadLetterQueue } from '../delivery/dead-letter-queue';
import { createDeadLetterQueue } from '../delivery/dead-letter-queue';
import { decodeExternalEvent } from '../event/external';
import type { Retention } from '../retention/retention';
import { createRetention } from '../retention/retention';
import type { StoreBarrier } from '../query/store-barrier';
import { createStoreBarrier } from '../query/store-barrier';
import type { Reader, ReaderParts } from '../query/reader';
import { createReader } from '../query/reader';
import type { TailHub } from '../tail/tail-hub';
import { createTailHub } from '../tail/tail-hub';
import type { DiagnosticSink } from '../util/diagnostics';
import { guardDiagnostics } from '../util/diagnostics';
import type { Adapters } from './adapters';
import { createAdapters } from './adapters';
import type { Intake, IntakeParts } from './intake';
import { createIntake } from './intake';
import type { Lifecycle } from './lifecycle';
import { createLifecycle } from './lifecycle';
import type { OldestEvent } from './oldest-event';
import { createOldestEvent } from './oldest-event';
import type { ResolvedVigilantOptions } from './options';

/** How long a new tail, or the replay of a dead letter, waits until accepted events are stored, in milliseconds. */
export const SETTLE_MS = 2_000;

/** Time limit of the parts of a status, in milliseconds. */
export const ANSWER_MS = 2_000;

/** The parts of an engine. */
export interface EngineParts {
  readonly options: ResolvedVigilantOptions;
  readonly diagnostics: DiagnosticSink;
  readonly lifecycle: Lifecycle;
  readonly decodeEvent: AdapterContext['decodeEvent'];
  readonly deadLetterQueue: DeadLetterQueue;
  /** `undefined` if all events are kept. */
  readonly retention: Retention | undefined;
  readonly oldestEvent: OldestEvent;
  readonly adapters: Adapters;
  readonly intake: Intake;
  readonly storeBarrier: StoreBarrier;
  /** Waits until the events accepted so far are stored. @throws {VigilantError} `VIGILANT_CLOSED` */
  readonly refresh: ReaderParts['refresh'];
  readonly reader: Reader;
  readonly hub: TailHub;
}

/** Creates the parts of an engine and connects them. */
export function createEngineParts(options: ResolvedVigilantOptions): EngineParts {
  const { broker, store, clock, freshMs } = options;
  const diagnostics = guardDiagnostics(options.onDiagnostic, () => clock.monotonic());
  const lifecycle = createLifecycle();
  const decodeEvent = createDecoder(options);
  const deadLetterQueue = createDeadLetterQueue({
    ...options.deadLetters,
    now: () => clock.now(),
    diagnostics,
  });
  const services = { clock, diagnostics, decodeEvent };
  const retention =
    options.retention && createRetention({ store, clock, diagnostics, retention: options.retention });
  const adapters = createAdapters({ options, lifecycle, deadLetterQueue, retention, services });
  const onPublished: IntakeParts['onPublished'] = (events) => {
    if (hub.readers > 0) hub.published(events());
  };
  const intake = createIntake({ options, lifecycle, adapters, diagnostics, onPublished });
  const storeBarrier = createStoreBarrier({
    broker,
    clock,
    drained: () => intake.drained(),
    failureReason: () => adapters.scheduler?.failureReason,
  });
  const refresh: EngineParts['refresh'] = async (timeoutMs, signal) => {
    lifecycle.checkRunning();
    return storeBarrier.wait(timeoutMs, signal);
  };
  const reader = createReader({ store, clock, freshMs, refresh, open: (limits) => adapters.openBy(limits) });
  const hub = createTailHub({
    broker,
    store,
    clock,
    diagnostics,
    open: () => adapters.open(),
    settle: () => storeBarrier.wait(SETTLE_MS),
  });
  return {
    options,
    diagnostics,
    lifecycle,
    decodeEvent,
    deadLetterQueue,
    retention,
    oldestEvent: createOldestEvent(store, clock, ANSWER_MS),
    adapters,
    intake,
    storeBarrier,
    refresh,
    reader,
    hub,
  };
}

/** Creates the decoder of records from other producers. */
function createDecoder({ clock, defaults, redact }: ResolvedVigilantOptions): AdapterContext['decodeEvent'] {
  const now = (): number => clock.now();
  const context = redact === undefined ? { defaults, now } : { defaults, now, redact };
  return (bytes, position) => decodeExternalEvent(bytes, position, context);
}
