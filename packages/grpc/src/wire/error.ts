import type { ErrorCode, Violation } from '@vigilant/core';
import { ERROR_CODES, VigilantError } from '@vigilant/core';
import type { Error as ErrorMessage, Violation as ViolationMessage } from '../generated/vigilant-v1';
import { fromDuration, toDuration } from './timestamp';

/** Converts an error to a message. */
export function toErrorMessage(error: VigilantError): ErrorMessage {
  const { code, message, retryable, position, retryAfterMs } = error;
  return {
    code,
    message,
    retryable,
    violations: error.violations.map(toViolationMessage),
    position,
    retryDelay: retryAfterMs === undefined ? undefined : toDuration(retryAfterMs),
  };
}

/** Converts a message to an error. A code that this version does not know, such as that of a newer server, becomes `VIGILANT_INTERNAL`. */
export function fromErrorMessage(error: ErrorMessage, cause?: unknown): VigilantError {
  const { code = 'unknown', message = '', retryable = false, violations = [] } = error;
  const { position, retryDelay } = error;
  const isKnown = Object.hasOwn(ERROR_CODES, code);
  return new VigilantError(
    isKnown ? (code as ErrorCode) : 'VIGILANT_INTERNAL',
    isKnown ? message : `${code}: ${message}`,
    {
      retryable,
      violations: violations.map(fromViolationMessage),
      ...(position === undefined ? {} : { position }),
      ...(retryDelay === undefined ? {} : { retryAfterMs: fromDuration(retryDelay) }),
      cause,
    },
  );
}

function toViolationMessage({ field, code, reason, limit }: Violation): ViolationMessage {
  return { field, code, reason, limit: limit === undefined ? undefined : String(limit) };
}

function fromViolationMessage({
  field = '',
  code = '',
  reason = '',
  limit = '',
}: ViolationMessage): Violation {
  if (limit === '') return { field, code, reason };
  return { field, code, reason, limit: /^\d{1,15}$/.test(limit) ? Number(limit) : limit };
}
