import type { ErrorCode } from '@vigilant/core';
import { VigilantError } from '@vigilant/core';

/** Checks the length of a field in a request. `unit` is what the length counts, such as `bytes`. */
export function checkLength(
  code: ErrorCode,
  field: string,
  violation: string,
  length: number,
  unit: string,
  limit: number,
): void {
  if (length <= limit) return;
  throw invalidField(code, field, violation, `has ${length} ${unit}; the limit is ${limit}`, limit);
}

/** Creates the error for an invalid field of a request, in the form of core's errors for events. */
export function invalidField(
  code: ErrorCode,
  field: string,
  violation: string,
  reason: string,
  limit?: number | string,
): VigilantError {
  return new VigilantError(code, `${field}: ${reason}`, {
    violations: [{ field, code: violation, reason, ...(limit === undefined ? {} : { limit }) }],
  });
}
