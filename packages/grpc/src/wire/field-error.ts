import { VigilantError } from '@vigilant/core';

/** Refuses a field that core cannot see, as core would. */
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
