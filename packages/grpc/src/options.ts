import { VigilantError } from '@vigilant/core';

/** Refuses keys that are not known, naming the first. @throws {VigilantError} `VIGILANT_OPTIONS_INVALID` */
export function checkKeys(where: string, options: object, known: readonly string[]): void {
  const unknown = Object.keys(options).find((key) => !known.includes(key));
  if (unknown !== undefined)
    throw invalidOption(`${where}.${unknown}`, `is no option; there are ${known.join(', ')}`);
}

/** Checks that an option is an integer within its bounds. @throws {VigilantError} `VIGILANT_OPTIONS_INVALID` */
export function checkInteger(path: string, value: number, min: number, max: number): number {
  if (Number.isSafeInteger(value) && value >= min && value <= max) return value;
  throw invalidOption(path, `must be an integer from ${min} to ${max}`);
}

/** Refuses an option. */
export function invalidOption(path: string, reason: string): VigilantError {
  return new VigilantError('VIGILANT_OPTIONS_INVALID', `${path} ${reason}.`);
}
