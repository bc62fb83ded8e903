import { VigilantError } from '@vigilant/core';

/** Checks the path that a factory is called with. @throws {VigilantError} `VIGILANT_OPTIONS_INVALID` */
export function checkPath(factory: string, path: unknown, example: string): string {
  if (typeof path === 'string' && path !== '') return path;
  throw invalidOption(
    `The path of ${factory} must be a non-empty string such as "${example}", not ${show(path)}.`,
  );
}

/** Checks that a value is an object, not an array. @throws {VigilantError} `VIGILANT_OPTIONS_INVALID` */
export function checkObject(name: string, value: unknown): void {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw invalidOption(`${name} must be an object, not ${show(value)}.`);
}

/** Checks that the options of a factory are an object without unknown keys. @throws {VigilantError} `VIGILANT_OPTIONS_INVALID` */
export function checkOptions(factory: string, options: object, known: readonly string[]): void {
  checkObject(`The options of ${factory}`, options);
  const unknown = Object.keys(options).find((key) => !known.includes(key));
  if (unknown !== undefined)
    throw invalidOption(`Unknown option "${unknown}" of ${factory}. Valid options: ${known.join(', ')}.`);
}

/** Creates the error of an invalid option. */
export function invalidOption(message: string): VigilantError {
  return new VigilantError('VIGILANT_OPTIONS_INVALID', message);
}

/** Formats a value for an error message. */
export function show(value: unknown): string {
  if (typeof value === 'string') return JSON.stringify(value);
  if (typeof value === 'function') return 'a function';
  if (Array.isArray(value)) return 'an array';
  return typeof value === 'object' && value !== null ? 'an object' : String(value);
}
