import type { Violation } from '../util/errors';
import { VigilantError } from '../util/errors';

/** What can be wrong with a field. */
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

/** What is wrong with one value, before it is known in which field. */
export interface Fault {
  readonly code: ViolationCode;
  readonly reason: string;
  readonly limit?: number | string;
}

/** Thrown while a value is read; only within this folder. */
export class FaultError extends Error {
  constructor(
    readonly fault: Fault,
    /** Path below the field, such as `.a[2]`. */
    readonly path = '',
  ) {
    super(fault.reason);
  }
}

/** Refuses a value. */
export function fault(code: ViolationCode, reason: string, limit?: number | string): FaultError {
  return new FaultError(limit === undefined ? { code, reason } : { code, reason, limit });
}

/** How many violations of one event are told; nobody reads more. */
export const MOST_VIOLATIONS = 20;

/** Makes the error of an event that breaks some rules. */
export function invalidEvent(violations: readonly Violation[]): VigilantError {
  const reasons = violations.map(({ field, reason }) => (field === '' ? reason : `${field}: ${reason}`));
  if (violations.length >= MOST_VIOLATIONS) reasons.push('and maybe more');
  return new VigilantError('VIGILANT_EVENT_INVALID', reasons.join('; '), { violations });
}

/** Says of a field what was wrong while it was read. */
export function toViolation(prefix: string, name: string, error: unknown): Violation {
  if (error instanceof FaultError) return { field: `${join(prefix, name)}${error.path}`, ...error.fault };
  return { field: join(prefix, name), code: 'malformed', reason: 'cannot be read' };
}

function join(prefix: string, name: string): string {
  return prefix === '' || name === '' ? prefix + name : `${prefix}.${name}`;
}
