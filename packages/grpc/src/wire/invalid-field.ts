import type { ErrorCode } from '@vigilant/core';
import { VigilantError } from '@vigilant/core';

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
