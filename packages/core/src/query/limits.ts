import { VigilantError } from '../errors';

/** Checks that an option is an integer within its bounds. */
export function checkInteger(name: string, value: number, min: number, max: number): number {
  if (Number.isSafeInteger(value) && value >= min && value <= max) return value;
  const limit = `${min}–${max}`;
  throw new VigilantError('VIGILANT_QUERY_INVALID', `${name} must be an integer from ${min} to ${max}.`, {
    violations: [
      { field: name, code: 'out_of_range', reason: `must be an integer from ${min} to ${max}`, limit },
    ],
  });
}
