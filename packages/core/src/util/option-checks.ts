import type { ErrorCode, Violation } from './errors';
import { VigilantError, isVigilantError } from './errors';
import { adviseName } from './near-name';
import { describeValue } from './text';

/** Default error code of the checks. */
const CODE = 'VIGILANT_OPTIONS_INVALID';

/** Maximum number of failed checks that one error reports. */
const MAX_ERRORS = 20;

/** Length limits of a string option, in UTF-16 code units. */
export interface TextLimits {
  /** @defaultValue 1 */
  readonly min?: number;
  /** @defaultValue 1000 */
  readonly max?: number;
}

/**
 * Checks that options are an object without unknown keys.
 *
 * @param owner - The function that takes the options, such as `createVigilant()`, or the path of the option that holds
 * them, such as `batch`.
 * @throws {VigilantError} `code`
 */
export function checkOptionKeys(
  owner: string,
  options: unknown,
  known: readonly string[],
  code: ErrorCode = CODE,
): asserts options is object {
  const isFunction = owner.endsWith('()');
  if (typeof options !== 'object' || options === null || Array.isArray(options)) {
    const reason = `must be an object, not ${describeValue(options)}`;
    const [field, subject] = isFunction ? ['options', `The options of ${owner}`] : [owner, owner];
    throw withViolation(code, `${subject} ${reason}.`, { field, code: 'wrong_type', reason });
  }
  const key = Object.keys(options).find((each) => !known.includes(each));
  if (key === undefined) return;
  const message = `Unknown option "${key}" of ${owner}. ${adviseName(key, known, 'options')}`;
  const field = isFunction ? key : `${owner}.${key}`;
  throw withViolation(code, message, {
    field,
    code: 'unknown_option',
    reason: `is not an option of ${owner}`,
  });
}

/**
 * Runs all checks. If some fail, throws one error with the violations of the first 20 failures. Its code and position are
 * those of the first failure.
 *
 * @throws {VigilantError}
 */
export function checkAll(checks: Iterable<() => void>): void {
  const errors: VigilantError[] = [];
  for (const check of checks) {
    try {
      check();
    } catch (error) {
      if (!isVigilantError(error)) throw error;
      errors.push(error);
    }
    if (errors.length === MAX_ERRORS) break;
  }
  const [first] = errors;
  if (first === undefined) return;
  if (errors.length === 1) throw first;
  const message = errors.map((error) => error.message).join(' ');
  const violations = errors.flatMap((error) => error.violations);
  const { code, position } = first;
  throw new VigilantError(code, message, position === undefined ? { violations } : { violations, position });
}

/** Checks that an option is an object and not an array. @throws {VigilantError} `VIGILANT_OPTIONS_INVALID` */
export function checkObjectOption(path: string, value: unknown): asserts value is object {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw invalidOption(path, 'an object', value);
}

/**
 * Checks that an option is an object with the given methods, such as an adapter or a clock.
 *
 * @param what - Names the interface, such as `a Store`.
 * @throws {VigilantError} `VIGILANT_OPTIONS_INVALID`
 */
export function checkMethodsOption(
  path: string,
  value: unknown,
  what: string,
  methods: readonly string[],
): asserts value is object {
  if (typeof value !== 'object' || value === null) throw invalidOption(path, what, value);
  const missing = methods.find((name) => typeof (value as Record<string, unknown>)[name] !== 'function');
  if (missing === undefined) return;
  const reason = `must be ${what} but lacks the method ${missing}()`;
  throw withViolation(CODE, `${path} ${reason}.`, { field: path, code: 'wrong_type', reason });
}

/** Checks that an option is an integer within its limits. @throws {VigilantError} `code` */
export function checkIntegerOption(
  path: string,
  value: unknown,
  min: number,
  max: number,
  code: ErrorCode = CODE,
): number {
  if (Number.isSafeInteger(value) && (value as number) >= min && (value as number) <= max)
    return value as number;
  const reason = `must be an integer from ${min} to ${max}`;
  throw withViolation(code, `${path} ${reason}, not ${describeValue(value)}.`, {
    field: path,
    code: 'out_of_range',
    reason,
    limit: `${min}–${max}`,
  });
}

/** Checks that an option is a string within its limits. @throws {VigilantError} `code` */
export function checkTextOption(
  path: string,
  value: unknown,
  { min = 1, max = 1_000 }: TextLimits = {},
  code: ErrorCode = CODE,
): string {
  if (typeof value === 'string' && value.length >= min && value.length <= max) return value;
  const requirement = max === Infinity ? 'a string' : `a string of ${min} to ${max} characters`;
  throw invalidOption(path, requirement, value, code, max === Infinity ? undefined : `${min}–${max}`);
}

/** Checks that an option is a string. The error does not show its value. @throws {VigilantError} `VIGILANT_OPTIONS_INVALID` */
export function checkSecretOption(path: string, value: unknown): string {
  if (typeof value === 'string') return value;
  throw invalidSecretOption(path, 'a string');
}

/** Checks that an option is one of the given strings. @throws {VigilantError} `code` */
export function checkChoiceOption<Choice extends string>(
  path: string,
  value: unknown,
  choices: readonly Choice[],
  code: ErrorCode = CODE,
): Choice {
  const choice = choices.find((each) => each === value);
  if (choice !== undefined) return choice;
  const reason = `must be one of ${choices.join(', ')}`;
  const message = `${path} ${reason}, not ${describeValue(value)}.`;
  throw withViolation(code, message, { field: path, code: 'unknown_value', reason });
}

/** Checks that an option is `true` or `false`. @throws {VigilantError} `code` */
export function checkBooleanOption(path: string, value: unknown, code: ErrorCode = CODE): boolean {
  if (typeof value === 'boolean') return value;
  throw invalidOption(path, 'true or false', value, code);
}

/** Checks that an option is a function. @throws {VigilantError} `VIGILANT_OPTIONS_INVALID` */
export function checkFunctionOption(path: string, value: unknown): void {
  if (typeof value !== 'function') throw invalidOption(path, 'a function', value);
}

/**
 * Creates the error for an option with a wrong value.
 *
 * @param requirement - What the option must be, such as `a host:port`.
 * @param value - The error shows it if it is primitive, so it must not be a secret.
 */
export function invalidOption(
  path: string,
  requirement: string,
  value: unknown,
  code: ErrorCode = CODE,
  limit?: number | string,
): VigilantError {
  const reason = `must be ${requirement}`;
  const message = `${path} ${reason}, not ${describeValue(value)}.`;
  const violation = { field: path, code: 'invalid_value', reason };
  return withViolation(code, message, limit === undefined ? violation : { ...violation, limit });
}

/**
 * Creates the error for an option whose value may be or contain a secret. It does not show the value.
 *
 * @param requirement - What the option must be, such as `a string`.
 * @param violation - Code of the violation.
 */
export function invalidSecretOption(
  path: string,
  requirement: string,
  violation: string = 'wrong_type',
): VigilantError {
  const reason = `must be ${requirement}`;
  return optionError(`${path} ${reason}. Its value is not shown.`, { field: path, code: violation, reason });
}

/** Creates the error for a broker that is passed with a read-only store. */
export function needlessBroker(): VigilantError {
  const reason = 'must be absent, because the store is read-only and no event could be stored';
  const violation = { field: 'broker', code: 'not_allowed', reason };
  return optionError(`broker ${reason}. Remove the broker, or open the store for writing.`, violation);
}

/** Creates a `VIGILANT_OPTIONS_INVALID` error with the violation of one option. */
export function optionError(message: string, violation: Violation, cause?: unknown): VigilantError {
  return new VigilantError(CODE, message, { violations: [violation], cause });
}

function withViolation(code: ErrorCode, message: string, violation: Violation): VigilantError {
  return new VigilantError(code, message, { violations: [violation] });
}
