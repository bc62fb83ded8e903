import type { ErrorCode, Violation } from '../util/errors';
import { VigilantError } from '../util/errors';

/** Codes of the violations of event fields. */
export type ViolationCode =
  | 'required'
  | 'wrong_type'
  | 'too_long'
  | 'too_large'
  | 'too_deep'
  | 'too_many'
  | 'out_of_range'
  | 'unknown_value'
  | 'unknown_field'
  | 'malformed';

/** A violation without its field. */
export interface Fault {
  readonly code: ViolationCode;
  readonly reason: string;
  readonly limit?: number | string;
}

/** Thrown while a value is read. Callers outside this package receive a `VigilantError` instead. */
export class FaultError extends Error {
  constructor(
    readonly fault: Fault,
    /** Path below the field, such as `.a[2]`. */
    readonly path = '',
  ) {
    super(fault.reason);
  }
}

/** Creates the error for an invalid value. */
export function fault(code: ViolationCode, reason: string, limit?: number | string): FaultError {
  return new FaultError(limit === undefined ? { code, reason } : { code, reason, limit });
}

/** Maximum number of unknown fields reported per event. */
export const MAX_VIOLATIONS = 20;

/** Creates the error for an invalid event. */
export function invalidEvent(violations: readonly Violation[]): VigilantError {
  return violationError('VIGILANT_EVENT_INVALID', violations);
}

/** Creates an error that lists violations. */
export function violationError(code: ErrorCode, violations: readonly Violation[]): VigilantError {
  const reasons = violations.map(({ field, reason }) => (field === '' ? reason : `${field}: ${reason}`));
  if (violations.length >= MAX_VIOLATIONS) reasons.push('there may be more violations');
  return new VigilantError(code, reasons.join('; '), { violations });
}

/** Converts an error that was thrown while a field was read. */
export function toViolation(prefix: string, name: string, error: unknown): Violation {
  if (error instanceof FaultError) return { field: `${join(prefix, name)}${error.path}`, ...error.fault };
  return { field: join(prefix, name), code: 'malformed', reason: 'cannot be read' };
}

function join(prefix: string, name: string): string {
  return prefix === '' || name === '' ? prefix + name : `${prefix}.${name}`;
}
