import type { ErrorCode, VigilantError } from '@vigilant/core';
import { ERROR_CODES } from '@vigilant/core';
import { shorten, toVigilantError } from '@vigilant/core/adapter';
import type { ServiceError, StatusObject } from '@grpc/grpc-js';
import { Metadata, status as Status } from '@grpc/grpc-js';
import type { Any } from '../generated/google-protobuf';
import type { BadRequest, ErrorInfo, RetryInfo, Status as StatusMessage } from '../generated/google-rpc';
import type { Error as ErrorMessage } from '../generated/vigilant-v1';
import { toErrorMessage } from '../wire/error';
import { codecOf } from '../wire/schema';

/** The domain of `google.rpc.ErrorInfo`. */
const ERROR_DOMAIN = 'vigilant';

/** Maximum bytes of the details. Many clients limit trailers to 8 KiB, which also hold base64 and the message. */
const MAX_DETAILS_BYTES = 4 * 1024;
const MAX_MESSAGE_CHARACTERS = 1_000;

/** The status of a failed call. */
export type CallStatus = Partial<ServiceError> & Pick<StatusObject, 'code' | 'details'>;

/** Converts a thrown value to a status. The message of an error that is not ours is not sent. */
export function toServiceError(thrown: unknown): CallStatus {
  const error = toVigilantError(thrown, 'VIGILANT_INTERNAL', 'The call failed');
  const isUnexpected = error !== thrown;
  const message = isUnexpected
    ? 'The server failed. See its diagnostics.'
    : shorten(error.message, MAX_MESSAGE_CHARACTERS);
  const code = statusOf(error.code);
  const metadata = new Metadata();
  metadata.set('grpc-status-details-bin', Buffer.from(encodeDetails(error, code, message)));
  return { code, details: message, metadata };
}

function statusOf(code: ErrorCode): Status {
  return Status[ERROR_CODES[code].grpc];
}

/** Encodes the details with as many violations as fit: a client drops a response whose trailers are too large. */
function encodeDetails(error: VigilantError, code: Status, message: string): Uint8Array {
  const whole: ErrorMessage = { ...toErrorMessage(error), message };
  let violations = whole.violations ?? [];
  for (;;) {
    const bytes = encodeStatus({ ...whole, violations }, code);
    if (bytes.length <= MAX_DETAILS_BYTES || violations.length === 0) return bytes;
    violations = violations.slice(0, Math.floor(violations.length / 2));
  }
}

function encodeStatus(error: ErrorMessage, code: Status): Uint8Array {
  const { violations = [], retryDelay, message = '' } = error;
  const details = [toAny<ErrorInfo>('google.rpc.ErrorInfo', { reason: error.code, domain: ERROR_DOMAIN })];
  if (violations.length > 0)
    details.push(toAny<BadRequest>('google.rpc.BadRequest', toBadRequest(violations)));
  if (retryDelay !== undefined) details.push(toAny<RetryInfo>('google.rpc.RetryInfo', { retryDelay }));
  details.push(toAny<ErrorMessage>('vigilant.v1.Error', error));
  return codecOf<StatusMessage>('google.rpc.Status').encode({ code, message, details });
}

function toBadRequest(violations: NonNullable<ErrorMessage['violations']>): BadRequest {
  return {
    fieldViolations: violations.map(({ field, reason, code }) => ({
      field,
      description: reason,
      reason: code?.toUpperCase(),
    })),
  };
}

function toAny<T>(name: string, message: T): Any {
  return { type_url: `type.googleapis.com/${name}`, value: codecOf<T>(name).encode(message) };
}
