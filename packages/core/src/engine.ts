import type { Vigilant, VigilantStatus, CloseResult } from './vigilant';
import type { AdapterContext } from './contracts/context';
import { createDeadLetterBox } from './delivery/dead-letters';
import type { Scheduler } from './delivery/scheduler';
import { startScheduler } from './delivery/scheduler';
import { createDeadLetters } from './dead-letters-api';
import { guardDiagnostics } from './diagnostics';
import { VigilantError } from './errors';
import { decodeForeignEvent } from './event/foreign';
import { createIdGenerator } from './event/id';
import { resolveDefaults } from './event/defaults';
import { resolveFilter } from './filter/resolve';
import { toFilter } from './filter/to-filter';
import { createIntake } from './intake/intake';
import { createLogger } from './intake/logger';
import type { VigilantOptions } from './options';
import { decodeTailCursor } from './query/cursor';
import { createFreshness } from './query/freshness';
import { checkInteger, checkOptions } from './query/limits';
import { createReader } from './query/reader';
import { resolveVigilantOptions } from './resolve-options';
import { sharedSignal } from './shared-signal';
import { shutDown } from './shut-down';
import { tailIterator } from './tail/tail-iterator';
import { createTailHub } from './tail/tail-hub';

const SCHEDULER_IDLE: VigilantStatus['scheduler'] = {
  state: 'idle',
  waitingEvents: 0,
  waitingBytes: 0,
  stored: 0,
  duplicates: 0,
  deadLetters: 0,
  batches: 0,
  failedWrites: 0,
};

const MIB = 1024 * 1024;

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
  let opening: Promise<void> | undefined;
  let closing: Promise<CloseResult> | undefined;
  let isStoreOpen = false;
  let isBrokerOpen = false;
  let isClosed = false;
  let invalid = 0;

  const context: AdapterContext = {
    clock,
    diagnostics,
    signal: abandoned.signal,
    decodeEvent: (bytes, position) =>
      decodeForeignEvent(bytes, position, { defaults, now: () => clock.now(), ...(redact && { redact }) }),
  };
  const box = createDeadLetterBox(resolved.deadLetters.documents, resolved.deadLetters.maxCount, () =>
    clock.now(),
  );

  const open = (): Promise<void> => {
    if (isClosed) return Promise.reject(closed());
    opening ??= (async () => {
      // What did open is not opened again when the other could not.
      isStoreOpen ||= await store.open(context).then(() => true);
      isBrokerOpen ||= await broker.open(context).then(() => true);
      scheduler = startScheduler({
        broker,
        store,
        deadLetters: box,
        clock,
        diagnostics,
        bounds: resolved.batch,
      });
    })().catch((error: unknown) => {
      opening = undefined;
      throw error;
    });
    return opening;
  };

  const onRefused = (error: VigilantError): void => {
    if (error.code === 'VIGILANT_EVENT_INVALID') invalid += 1;
    const { message } = error;
    diagnostics({ level: 'warn', component: 'intake', code: 'event-refused', message, error });
  };

  const intake = createIntake({
    maxPendingBytes: resolved.maxPendingBytes,
    onRefused,
    async publish(events) {
      await open();
      await broker.publish(events);
      hub.published(events);
    },
    onFailure(error, events) {
      const reason = error instanceof Error ? error.message : String(error);
      const message = `${events} event(s) were not confirmed: ${reason}`;
      diagnostics({ level: 'error', component: 'intake', code: 'publish-failed', message, error });
    },
  });

  const freshness = createFreshness({
    broker,
    clock,
    drained: () => intake.drained(),
    trouble: () => scheduler?.trouble,
  });

  const refresh: typeof freshness.raise = async (timeoutMs, signal) => {
    if (closing !== undefined) throw closed();
    await open();
    return freshness.raise(timeoutMs, signal);
  };

  const hub = createTailHub({
    broker,
    store,
    clock,
    diagnostics,
    open,
    settle: () => freshness.raise(resolved.freshMs),
  });

  const reader = createReader({ store, clock, freshMs: resolved.freshMs, refresh, open });

  const logger = createLogger(
    {
      now: () => clock.now(),
      newId: createIdGenerator(() => clock.now()),
      redact,
      submit(events) {
        if (closing !== undefined) throw closed();
        return intake.submit(events);
      },
      onRefused,
    },
    defaults,
  );

  const status = async (): Promise<VigilantStatus> => {
    const brokerStatus = broker.status();
    const storeStatus =
      opening === undefined || isClosed ? undefined : await store.status().catch(() => undefined);
    const reasons = [
      ...(brokerStatus.state === 'degraded' ? [`broker: ${brokerStatus.reason ?? 'degraded'}`] : []),
      ...(storeStatus?.state === 'degraded' ? [`store: ${storeStatus.reason ?? 'degraded'}`] : []),
      ...(scheduler?.trouble === undefined ? [] : [`scheduler: ${scheduler.trouble}`]),
      ...(opening !== undefined && !isClosed && storeStatus === undefined
        ? ['store: it does not answer']
        : []),
    ];
    const whenRunning = reasons.length > 0 ? 'degraded' : opening === undefined ? 'idle' : 'ready';
    return {
      state: isClosed ? 'closed' : closing !== undefined ? 'closing' : whenRunning,
      reasons,
      capabilities,
      broker: brokerStatus,
      ...(storeStatus === undefined ? {} : { store: storeStatus }),
      scheduler: scheduler?.status() ?? SCHEDULER_IDLE,
      intake: {
        accepted: intake.accepted,
        invalid,
        failed: intake.failed,
        pendingBytes: intake.pendingBytes,
      },
      tails: hub.readers,
    };
  };

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
    tail(input = '', options = {}) {
      if (closing !== undefined) throw closed();
      checkOptions('tail()', options, TAIL_OPTIONS);
      const maxBufferedBytes = options.maxBufferedBytes ?? 4 * MIB;
      return tailIterator(
        hub.join({
          filter: resolveFilter(toFilter(input), clock.now()),
          checkpoints: options.checkpoints ?? false,
          maxBufferedBytes: checkInteger('maxBufferedBytes', maxBufferedBytes, 1, 1024 * MIB),
          ...(options.cursor === undefined ? {} : { cursor: decodeTailCursor(options.cursor) }),
        }),
        sharedSignal(options.signal),
      );
    },
    deadLetters: createDeadLetters({
      ...{ box, open },
      async publish(event) {
        const refusal = (await intake.submit([event])).get(event);
        if (refusal !== undefined) throw refusal;
      },
    }),
    capabilities,
    status,
    async flush(options = {}) {
      checkOptions('flush()', options, ['timeoutMs', 'signal']);
      const { timeoutMs = resolved.freshMs, signal } = options;
      return refresh(checkInteger('timeoutMs', timeoutMs, 0, 600_000), sharedSignal(signal));
    },
    close() {
      closing ??= shutDown({
        clock,
        graceMs: resolved.graceMs,
        broker,
        store,
        drained: () => intake.drained(),
        settle: (graceMs) => freshness.raise(graceMs),
        opening: () => opening,
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
  return new VigilantError('VIGILANT_CLOSED', 'This engine is closed or closing; nothing was taken.');
}
