import { VigilantError } from '@vigilant/core';

/** Creates the error of a field of an event that core does not see, in the form of core's own errors. */
export function fieldError(
  field: string,
  code: 'malformed' | 'out_of_range' | 'too_large' | 'too_many' | 'required' | 'unknown_value',
  reason: string,
  limit?: number | string,
): VigilantError {
  return new VigilantError('VIGILANT_EVENT_INVALID', `${field}: ${reason}`, {
    violations: [limit === undefined ? { field, code, reason } : { field, code, reason, limit }],
  });
}
