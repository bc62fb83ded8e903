import type { ServiceError } from '@grpc/grpc-js';
import { status as Status } from '@grpc/grpc-js';
import type { ErrorCode } from '@vigilant/core';
import { VigilantError } from '@vigilant/core';
import type { Error as ErrorMessage } from '../generated/vigilant-v1';
import type { Status as StatusMessage } from '../generated/google-rpc';
import { fromErrorMessage } from '../wire/error';
import { codecOf } from '../wire/schema';

const ERROR_TYPE = 'type.googleapis.com/vigilant.v1.Error';

/** The failure of a call. */
export interface Failure {
  readonly error: VigilantError;
  /** Whether the same call will fail again. Otherwise it may succeed later, for example once the server has restarted. */
  readonly isFinal: boolean;
}

/** Statuses of a call that was interrupted or never answered. Its outcome is unknown. */
const INTERRUPTED: readonly Status[] = [
  Status.CANCELLED,
  Status.UNKNOWN,
  Status.DEADLINE_EXCEEDED,
  Status.ABORTED,
  Status.INTERNAL,
  Status.UNAVAILABLE,
];

/** Converts the status of a failed call, with the details that our servers add, to a failure. */
export function toFailure(failure: ServiceError, fallback: ErrorCode): Failure {
  const details = detailsOf(failure);
  const status = Status[failure.code] as string | undefined;
  // Errors from Node.js itself, such as a failed decompression, have no gRPC status.
  const message = status === undefined ? failure.message : `${status}: ${failure.details}`;
  if (details === undefined) {
    const error = external(failure, message, fallback);
    return { error, isFinal: !error.retryable };
  }
  const error = fromErrorMessage(details, failure);
  // A stopping server rejects every further call. The next server accepts them.
  return { error, isFinal: !error.retryable && failure.code !== Status.UNAVAILABLE };
}

/** Converts a status without our details, such as from the network, a proxy or gRPC itself. */
function external(failure: ServiceError, message: string, fallback: ErrorCode): VigilantError {
  if (INTERRUPTED.includes(failure.code))
    return new VigilantError(fallback, message, { retryable: true, cause: failure });
  switch (failure.code) {
    case Status.UNIMPLEMENTED:
      return new VigilantError('VIGILANT_NOT_SUPPORTED', message, { cause: failure });
    case Status.NOT_FOUND:
      return new VigilantError('VIGILANT_NOT_FOUND', message, { cause: failure });
    default:
      return new VigilantError('VIGILANT_INTERNAL', message, { retryable: false, cause: failure });
  }
}

function detailsOf({ metadata }: ServiceError): ErrorMessage | undefined {
  const [bytes] = metadata?.get('grpc-status-details-bin') ?? [];
  if (!(bytes instanceof Uint8Array)) return undefined;
  try {
    const { details = [] } = codecOf<StatusMessage>('google.rpc.Status').decode(bytes);
    const found = details.find(({ type_url }) => type_url === ERROR_TYPE);
    return found?.value && codecOf<ErrorMessage>('vigilant.v1.Error').decode(found.value);
  } catch {
    return undefined;
  }
}

/** Returns whether a value is a `Failure`. */
export function isFailure(value: unknown): value is Failure {
  return typeof value === 'object' && value !== null && 'isFinal' in value && 'error' in value;
}

/** Rejects with the error of a `Failure` instead of the failure. */
export async function unwrapped<T>(work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (error) {
    throw isFailure(error) ? error.error : error;
  }
}
