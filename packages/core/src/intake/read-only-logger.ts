import type { Logger } from '../contracts/logger';
import { resolveDefaults } from '../event/defaults';
import { checkLevel } from '../event/level';
import type { VigilantError } from '../util/errors';
import { readOnlyError } from '../util/errors';
import { createLogContext } from './log-context';
import { checkFunctionOption } from '../util/option-checks';

/**
 * Creates the logger of an engine that accepts no events.
 *
 * @param onRejected - Called with the error of each call.
 */
export function createReadOnlyLogger(onRejected: (error: VigilantError) => void): Logger {
  return new ReadOnlyLogger(onRejected);
}

/** Its methods are bound properties, because callers use them detached and in copies such as `{ ...logger }`. */
class ReadOnlyLogger implements Logger {
  readonly #onRejected: (error: VigilantError) => void;
  /** Checks the data as a logger that accepts events does. */
  readonly #context = createLogContext();

  constructor(onRejected: (error: VigilantError) => void) {
    this.#onRejected = onRejected;
  }

  readonly log: Logger['log'] = () => this.#reject('log()');
  readonly logBatch: Logger['logBatch'] = () => this.#reject('logBatch()');
  readonly trace: Logger['trace'] = () => this.#report('trace()');
  readonly debug: Logger['debug'] = () => this.#report('debug()');
  readonly info: Logger['info'] = () => this.#report('info()');
  readonly warn: Logger['warn'] = () => this.#report('warn()');
  readonly error: Logger['error'] = () => this.#report('error()');
  readonly fatal: Logger['fatal'] = () => this.#report('fatal()');

  readonly isLevelEnabled: Logger['isLevelEnabled'] = (level) => {
    checkLevel('level', level, 'VIGILANT_QUERY_INVALID');
    return false;
  };

  readonly withContext: Logger['withContext'] = (data, fn) => {
    checkFunctionOption('fn', fn);
    return this.#context.run(data, fn);
  };

  readonly child: Logger['child'] = (defaults) => {
    resolveDefaults(defaults);
    return this;
  };

  #reject(call: string): Promise<never> {
    const rejected = Promise.reject(this.#report(call));
    // Callers need not await the promise, and an unhandled rejection must not end the process.
    rejected.catch(() => {});
    return rejected;
  }

  #report(call: string): VigilantError {
    const error = readOnlyError(call);
    this.#onRejected(error);
    return error;
  }
}
