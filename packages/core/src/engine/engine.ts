import type { DeadLetters } from '../contracts/dead-letters';
import type { Logger } from '../contracts/logger';
import type { CloseResult, Vigilant } from '../contracts/vigilant';
import type { Views } from '../contracts/views';
import type { StoredEvent } from '../event/event';
import { createIdGenerator } from '../event/id';
import { findConflicts } from '../intake/find-conflicts';
import { checkInputs } from '../intake/check-inputs';
import { DEFAULT_LIMITS } from '../query/budget';
import { checkInteger, checkOptions } from '../query/argument-checks';
import { addLinesMethod } from '../query/query-lines';
import { limitDocuments, storeAnswer } from '../query/store-answer';
import { sharedSignal } from '../util/signals';
import { createDeadLetters } from './dead-letters';
import { openTail } from './open-tail';
import type { VigilantOptions } from './options';
import { resolveVigilantOptions } from './resolve-options';
import { shutDown } from './shut-down';
import { readStatus } from './status';
import { createViews } from './views';
import type { EngineParts } from './wiring';
import { createEngineParts } from './wiring';

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
  return new Engine(createEngineParts(resolveVigilantOptions(options)));
}

/** Its methods are bound properties, because callers use them detached and in copies such as `{ ...vigilant }`. */
class Engine implements Vigilant {
  readonly log: Vigilant['log'];
  readonly logBatch: Vigilant['logBatch'];
  readonly capabilities: Vigilant['capabilities'];
  readonly deadLetters: DeadLetters;
  readonly views: Views;
  readonly #parts: EngineParts;
  readonly #logger: Logger;
  #closing: Promise<CloseResult> | undefined;

  constructor(parts: EngineParts) {
    const { broker, store, isReadOnly, clock } = parts.options;
    this.#parts = parts;
    this.#logger = parts.intake.logger;
    // Not wrapped, because servers use variants that are properties of these functions.
    this.log = this.#logger.log;
    this.logBatch = this.#logger.logBatch;
    this.capabilities = Object.freeze({ broker: broker.capabilities, store: store.capabilities });
    this.deadLetters = createDeadLetters(parts);
    this.views = createViews({
      documents: store.documents && limitDocuments(store.documents, clock),
      isReadOnly,
      open: () => parts.adapters.openBy(DEFAULT_LIMITS),
      newId: createIdGenerator(() => clock.now()),
      now: () => clock.now(),
    });
  }

  readonly trace: Vigilant['trace'] = (message, data) => this.#logger.trace(message, data);
  readonly debug: Vigilant['debug'] = (message, data) => this.#logger.debug(message, data);
  readonly info: Vigilant['info'] = (message, data) => this.#logger.info(message, data);
  readonly warn: Vigilant['warn'] = (message, data) => this.#logger.warn(message, data);
  readonly error: Vigilant['error'] = (message, data) => this.#logger.error(message, data);
  readonly fatal: Vigilant['fatal'] = (message, data) => this.#logger.fatal(message, data);
  readonly child: Vigilant['child'] = (defaults) => this.#logger.child(defaults);
  readonly isLevelEnabled: Vigilant['isLevelEnabled'] = (level) => this.#logger.isLevelEnabled(level);
  readonly withContext: Vigilant['withContext'] = (data, fn) => this.#logger.withContext(data, fn);

  readonly get: Vigilant['get'] = (id, options) => this.#parts.reader.get(id, options);
  readonly query = addLinesMethod(
    (filter, options) => this.#parts.reader.query(filter, options),
    (filter, options) => this.#parts.reader.queryLines(filter, options),
  );
  readonly histogram: Vigilant['histogram'] = (filter, options) =>
    this.#parts.reader.histogram(filter, options);
  readonly facets: Vigilant['facets'] = (filter, options) => this.#parts.reader.facets(filter, options);

  readonly open: Vigilant['open'] = async () => {
    this.#parts.lifecycle.checkRunning();
    await this.#parts.adapters.open();
  };

  readonly findConflicts: Vigilant['findConflicts'] = async (inputs) => {
    const { options, lifecycle, adapters } = this.#parts;
    const { clock, store, defaults, redact } = options;
    checkInputs('findConflicts()', inputs);
    lifecycle.checkRunning();
    await adapters.openBy(DEFAULT_LIMITS);
    const get = (id: string): Promise<StoredEvent | undefined> =>
      storeAnswer(store.get(id), clock, DEFAULT_LIMITS);
    return findConflicts({ defaults, now: () => clock.now(), redact, get }, inputs);
  };

  readonly tail: Vigilant['tail'] = (filter = '', options = {}) => {
    this.#parts.lifecycle.checkRunning();
    return openTail(this.#parts, filter, options);
  };

  readonly flush: Vigilant['flush'] = async (options = {}) => {
    checkOptions('flush()', options, ['timeoutMs', 'signal']);
    const { lifecycle, adapters, refresh } = this.#parts;
    const { clock, freshMs } = this.#parts.options;
    const { timeoutMs = freshMs } = options;
    checkInteger('timeoutMs', timeoutMs, 0, 600_000);
    const signal = sharedSignal(options.signal);
    lifecycle.checkRunning();
    const deadline = clock.monotonic() + timeoutMs;
    // A broker that is not open does not know how many events are pending.
    if (!(await adapters.openWithin(timeoutMs, signal))) return { complete: false };
    return refresh(deadline - clock.monotonic(), signal);
  };

  readonly status: Vigilant['status'] = () => readStatus(this.#parts, this.capabilities);

  readonly close: Vigilant['close'] = () => (this.#closing ??= this.#close());

  readonly [Symbol.asyncDispose] = async (): Promise<void> => void (await this.close());

  async #close(): Promise<CloseResult> {
    const { lifecycle } = this.#parts;
    lifecycle.enter('closing');
    try {
      return await shutDown(this.#parts);
    } finally {
      lifecycle.enter('closed');
    }
  }
}
