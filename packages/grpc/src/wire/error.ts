import type { ErrorCode, Violation } from '@vigilant/core';
import { ERROR_CODES, VigilantError } from '@vigilant/core';
import type { Error as ErrorMessage } from '../generated/vigilant-v1';
import { fromDuration, toDuration } from './timestamp';

/** Makes a message of an error. */
export function toErrorMessage(error: VigilantError): ErrorMessage {
  return {
    code: error.code,
    message: error.message,
    retryable: error.retryable,
    violations: error.violations.map(({ field, code, reason, limit }) => ({
      field,
      code,
      reason,
      ...(limit === undefined ? {} : { limit: String(limit) }),
    })),
    ...(error.position === undefined ? {} : { position: error.position }),
    ...(error.retryAfterMs === undefined ? {} : { retryDelay: toDuration(error.retryAfterMs) }),
  };
}

/** Makes an error of a message. A code that is not known here, as of a newer server, becomes `VIGILANT_INTERNAL`. */
export function fromErrorMessage(message: ErrorMessage, cause?: unknown): VigilantError {
  const known = message.code !== undefined && Object.hasOwn(ERROR_CODES, message.code);
  const text = message.message ?? '';
  return new VigilantError(
    known ? (message.code as ErrorCode) : 'VIGILANT_INTERNAL',
    known ? text : `${message.code ?? 'unknown'}: ${text}`,
    {
      retryable: message.retryable ?? false,
      violations: (message.violations ?? []).map(toViolation),
      ...(message.position === undefined ? {} : { position: message.position }),
      ...(message.retryDelay === undefined ? {} : { retryAfterMs: fromDuration(message.retryDelay) }),
      ...(cause === undefined ? {} : { cause }),
    },
  );
}

function toViolation({
  field = '',
  code = '',
  reason = '',
  limit,
}: NonNullable<ErrorMessage['violations']>[number]): Violation {
  if (limit === undefined || limit === '') return { field, code, reason };
  return { field, code, reason, limit: /^\d{1,15}$/.test(limit) ? Number(limit) : limit };
}
