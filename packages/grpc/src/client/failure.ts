import type { ServiceError } from '@grpc/grpc-js';
import { status as Status } from '@grpc/grpc-js';
import type { ErrorCode } from '@vigilant/core';
import { VigilantError } from '@vigilant/core';
import type { Error as ErrorMessage } from '../generated/vigilant-v1';
import type { Status as StatusMessage } from '../generated/google-rpc';
import { fromErrorMessage } from '../wire/error';
import { codecOf } from '../wire/schema';

const ERROR_TYPE = 'type.googleapis.com/vigilant.v1.Error';

/** A call that failed. */
export interface Failure {
  readonly error: VigilantError;
  /**
   * `again`: it may succeed in a while, as when the server is restarted; `silent`: no answer came in time; `final`: the
   * same call will fail again.
   */
  readonly kind: 'again' | 'silent' | 'final';
}

/** What became of a call, from its status and the details that our servers add. */
export function toFailure(failure: ServiceError, fallback: ErrorCode): Failure {
  const told = detailsOf(failure);
  const message = `${Status[failure.code]}: ${failure.details}`;
  const error = told === undefined ? foreign(failure, message, fallback) : fromErrorMessage(told, failure);
  return { error, kind: kindOf(failure.code, error.retryable) };
}

function kindOf(code: Status, retryable: boolean): Failure['kind'] {
  switch (code) {
    case Status.DEADLINE_EXCEEDED:
      return 'silent';
    // Also what a server says that is about to stop: the next one will answer.
    case Status.UNAVAILABLE:
    case Status.ABORTED:
      return 'again';
    default:
      return retryable ? 'again' : 'final';
  }
}

function foreign(failure: ServiceError, message: string, fallback: ErrorCode): VigilantError {
  switch (failure.code) {
    case Status.UNAVAILABLE:
    case Status.ABORTED:
    case Status.DEADLINE_EXCEEDED:
      return new VigilantError(fallback, message, { retryable: true, cause: failure });
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
