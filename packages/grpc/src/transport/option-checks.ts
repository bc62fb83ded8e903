import { VigilantError } from '@vigilant/core';
import { nearName } from '@vigilant/core/adapter';

/**
 * Checks that the options of a method are an object without unknown keys.
 *
 * @param method - As the caller writes it, such as `serveGrpc()`.
 * @throws {VigilantError} `VIGILANT_OPTIONS_INVALID`
 */
export function checkKeys(method: string, options: unknown, known: readonly string[]): void {
  if (typeof options !== 'object' || options === null)
    throw invalidOptions(`The options of ${method} must be an object.`);
  const unknown = Object.keys(options).find((key) => !known.includes(key));
  if (unknown === undefined) return;
  const near = nearName(unknown, known);
  const hint = near === undefined ? `Valid options: ${known.join(', ')}.` : `Did you mean "${near}"?`;
  throw invalidOptions(`Unknown option "${unknown}" of ${method}. ${hint}`);
}

/** Checks that an option is an integer within its limits. @throws {VigilantError} `VIGILANT_OPTIONS_INVALID` */
export function checkInteger(path: string, value: unknown, min: number, max: number): number {
  if (Number.isSafeInteger(value) && (value as number) >= min && (value as number) <= max)
    return value as number;
  throw invalidOption(path, `an integer from ${min} to ${max}, not ${String(value)}`);
}

/** Checks that an option is a non-empty string. @throws {VigilantError} `VIGILANT_OPTIONS_INVALID` */
export function checkText(path: string, value: unknown): string {
  if (typeof value === 'string' && value !== '') return value;
  throw invalidOption(path, 'a non-empty string');
}

/** Checks the type of an option. @throws {VigilantError} `VIGILANT_OPTIONS_INVALID` */
export function checkType<T>(path: string, value: T, type: 'boolean' | 'function' | 'object'): T {
  if (typeof value === type && value !== null) return value;
  throw invalidOption(path, type === 'object' ? 'an object' : `a ${type}`);
}

/** Creates the error of an option that must be something else. */
export function invalidOption(path: string, expected: string): VigilantError {
  return invalidOptions(`${path} must be ${expected}.`);
}

/** Creates the error of options that cannot be used. */
export function invalidOptions(message: string): VigilantError {
  return new VigilantError('VIGILANT_OPTIONS_INVALID', message);
}
