import type { Vigilant, CloseResult } from '../contracts/vigilant';
import type { AdapterContext } from '../contracts/context';
import { createDeadLetterQueue } from '../delivery/dead-letter-queue';
import type { Scheduler } from '../delivery/scheduler';
import { startScheduler } from '../delivery/scheduler';
import { createDeadLetters } from './dead-letters';
import { guardDiagnostics } from '../util/diagnostics';
import { VigilantError, reasonOf } from '../util/errors';
import { decodeEvent } from '../event/codec';
import { decodeExternalEvent } from '../event/external';
import { createIdGenerator } from '../event/id';
import type { StoredEvent } from '../event/event';
import { resolveDefaults } from '../event/defaults';
import { resolveFilter } from '../filter/time';
import { toFilter } from '../filter/to-filter';
import { findConflicts } from '../intake/find-conflicts';
import { createIntake } from '../intake/intake';
import { invalidInputs } from '../intake/invalid-inputs';
import { createLogger } from '../intake/logger';
import { createOpener } from './opener';
import type { VigilantOptions } from './options';
import { decodeTailCursor } from '../query/cursor';
import { createFreshness } from '../query/freshness';
import { checkInteger, checkOptions } from '../query/limits';
import { DEFAULT_DEADLINE_MS } from '../query/budget';
import type { ReaderParts } from '../query/reader';
import { createReader } from '../query/reader';
import { resolveVigilantOptions } from './resolve-options';
import { checkBooleanOption } from '../util/option-checks';
import { sharedSignal, withTimeout } from '../util/signals';
import { shutDown } from './shut-down';
import { readStatus } from './status';
import { tailIterator } from '../tail/tail-iterator';
import { createTailHub } from '../tail/tail-hub';

const MIB = 1024 * 1024;

/** How long a new tail, or the replay of a dead letter, waits until accepted events are stored, in milliseconds. */
const SETTLE_MS = 2_000;

const TAIL_OPTIONS = ['cursor', 'checkpoints', 'maxBufferedBytes', 'signal'];

/**
 * Creates an engine. It does nothing until it is used.
 *
 * @example
 * const vigilant = createVigilant({ defaults: { source: 'shop' } });
 * vigilant.info('order placed', { userId: 42 });
 * const page = await vigilant.query('data.userId:42', { since: '2h' });
 * await vigilant.close();
 *
 * @throws {VigilantError} `VIGILANT_OPTIONS_INVALID`
 */
export function createVigilant(options: VigilantOptions = {}): Vigilant {
  const resolved = resolveVigilantOptions(options);
  const { broker, store, clock, redact } = resolved;
  const diagnostics = guardDiagnostics(resolved.onDiagnostic, () => clock.monotonic());
  const defaults = resolveDefaults(resolved.defaults);
  const abandoned = new AbortController();
  let scheduler: Scheduler | undefined;
  let closing: Promise<CloseResult> | undefined;
  let isClosed = false;
  let invalid = 0;

  const context: AdapterContext = {
    clock,
    diagnostics,
    signal: abandoned.signal,
    decodeEvent: (bytes, position) =>
      decodeExternalEvent(bytes, position, { defaults, now: () => clock.now(), ...(redact && { redact }) }),
  };
  const deadLetters = createDeadLetterQueue({
    ...resolved.deadLetters,
    now: () => clock.now(),
    diagnostics,
  });

  const startWhenOpen = (): void => {
    if (brokerOpener.state !== 'open' || storeOpener.state !== 'open') return;
    const bounds = resolved.batch;
    scheduler = startScheduler({ broker, store, deadLetters, clock, diagnostics, bounds });
  };
  const opening = { onOpen: startWhenOpen, clock, diagnostics };
  const brokerOpener = createOpener({ ...opening, name: 'broker', attempt: () => broker.open(context) });
  const storeOpener = createOpener({ ...opening, name: 'store', attempt: () => store.open(context) });

  const open = async (): Promise<void> => {
    const isOpen = storeOpener.state === 'open' && brokerOpener.state === 'open';
    if (isClosed || (closing !== undefined && !isOpen)) throw closed();
    // The store is opened first, so that no broker stays open if the store fails.
    await storeOpener.open();
    await brokerOpener.open();
  };

  const onRejected = (error: VigilantError): void => {
    if (error.code === 'VIGILANT_EVENT_INVALID') invalid += 1;
    const { message } = error;
    diagnostics({ level: 'warn', component: 'intake', code: 'event-refused', message, error });
  };

  const intake = createIntake({
    maxPendingBytes: resolved.maxPendingBytes,
    onRejected,
    async publish(events) {
      if (isClosed) throw closed();
      // Events in the broker are stored once the store is open.
      storeOpener.start();
      await brokerOpener.open();
      await broker.publish(events);
      hub.published(events);
    },
    onFailure(error, events) {
      const message = `${events} event(s) were not confirmed: ${reasonOf(error)}`;
      diagnostics({ level: 'error', component: 'intake', code: 'publish-failed', message, error });
    },
  });

  const freshness = createFreshness({
    broker,
    clock,
    drained: () => intake.drained(),
    failureReason: () => scheduler?.failureReason,
  });

  /** Returns whether broker and store opened in time. */
  const openWithin = (timeoutMs: number, signal?: AbortSignal): Promise<boolean> =>
    withTimeout(
      open().then(() => true),
      { clock, timeoutMs, signal, onTimeout: () => false },
    );

  const openBy: ReaderParts['open'] = async ({ deadlineMs, signal }) => {
    if (await openWithin(deadlineMs, signal)) return;
    throw (storeOpener.state === 'open' ? brokerOpener : storeOpener).notOpened(deadlineMs);
  };

  const refresh: ReaderParts['refresh'] = async (timeoutMs, signal) => {
    if (closing !== undefined) throw closed();
    return freshness.raise(timeoutMs, signal);
  };

  const hub = createTailHub({
    broker,
    store,
    clock,
    diagnostics,
    open,
    settle: () => freshness.raise(SETTLE_MS),
  });

  const reader = createReader({ store, clock, freshMs: resolved.freshMs, refresh, open: openBy });

  const logger = createLogger(
    {
      now: () => clock.now(),
      newId: createIdGenerator(() => clock.now()),
      redact,
      submit(events) {
        if (closing !== undefined) throw closed();
        return intake.submit(events);
      },
      onRejected,
    },
    defaults,
  );

  const capabilities = Object.freeze({ broker: broker.capabilities, store: store.capabilities });

  return {
    ...logger,
    get: (id, options) => reader.get(id, options),
    query: (input, options) => reader.query(input, options),
    histogram: (input, options) => reader.histogram(input, options),
    facets: (input, options) => reader.facets(input, options),
    open() {
      return closing === undefined ? open() : Promise.reject(closed());
    },
    async findConflicts(inputs) {
      const invalid = invalidInputs('findConflicts()', inputs);
      if (invalid !== undefined) throw invalid;
      if (closing !== undefined) throw closed();
      await openBy({ deadlineMs: DEFAULT_DEADLINE_MS });
      const get = (id: string): Promise<StoredEvent | undefined> => store.get(id);
      return findConflicts({ defaults, now: () => clock.now(), redact, get }, inputs);
    },
    tail(input = '', options = {}) {
      if (closing !== undefined) throw closed();
      checkOptions('tail()', options, TAIL_OPTIONS);
      const { checkpoints = false, maxBufferedBytes = 4 * MIB, cursor } = options;
      checkBooleanOption('checkpoints', checkpoints, 'VIGILANT_QUERY_INVALID');
      checkInteger('maxBufferedBytes', maxBufferedBytes, 1, 1024 * MIB);
      const signal = sharedSignal(options.signal);
      const filter = resolveFilter(toFilter(input), clock.now());
      const from = cursor === undefined ? {} : { cursor: decodeTailCursor(cursor) };
      return tailIterator(hub.join({ filter, checkpoints, maxBufferedBytes, ...from }), signal);
    },
    deadLetters: createDeadLetters({
      queue: deadLetters,
      open: () => openBy({ deadlineMs: DEFAULT_DEADLINE_MS }),
      decode: ({ letter: { position }, bytes }) =>
        position === undefined ? decodeEvent(bytes) : context.decodeEvent(bytes, { name: position }),
      async publish(event) {
        if (closing !== undefined) throw closed();
        const rejection = (await intake.submit([event])).get(event);
        if (rejection !== undefined) throw rejection;
        // An event in a memory broker may be lost, so its letter is kept until the event is stored.
        return broker.capabilities.durability !== 'memory' || (await freshness.raise(SETTLE_MS)).complete;
      },
    }),
    capabilities,
    status() {
      const phase = isClosed ? 'closed' : closing !== undefined ? 'closing' : 'running';
      return readStatus({
        phase,
        broker,
        store,
        brokerOpener,
        storeOpener,
        scheduler,
        deadLetters,
        capabilities,
        intake: {
          accepted: intake.accepted,
          invalid,
          failed: intake.failed,
          pendingBytes: intake.pendingBytes,
        },
        tails: hub.readers,
      });
    },
    async flush(options = {}) {
      checkOptions('flush()', options, ['timeoutMs', 'signal']);
      const { timeoutMs = resolved.freshMs } = options;
      checkInteger('timeoutMs', timeoutMs, 0, 600_000);
      const signal = sharedSignal(options.signal);
      if (closing !== undefined) throw closed();
      const deadline = clock.monotonic() + timeoutMs;
      // A broker that is not open does not know how many events are pending.
      if (!(await openWithin(timeoutMs, signal))) return { complete: false };
      return refresh(deadline - clock.monotonic(), signal);
    },
    close() {
      closing ??= shutDown({
        clock,
        graceMs: resolved.graceMs,
        broker,
        store,
        brokerOpener,
        storeOpener,
        drained: () => intake.drained(),
        settle: (timeoutMs) => freshness.settle(timeoutMs),
        scheduler: () => scheduler,
        endTails: () => hub.close(),
        abandon: () => abandoned.abort(),
        diagnostics,
      }).finally(() => void (isClosed = true));
      return closing;
    },
  };
}

function closed(): VigilantError {
  return new VigilantError('VIGILANT_CLOSED', 'The engine is closed or closing. The call was rejected.');
}
