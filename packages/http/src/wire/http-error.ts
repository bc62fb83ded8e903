import type { ErrorCode, VigilantErrorOptions } from '@vigilant/core';
import { VigilantError, isVigilantError } from '@vigilant/core';

/** Options of an `HttpError`. */
export interface HttpErrorOptions extends VigilantErrorOptions {
  readonly headers?: Readonly<Record<string, string>>;
}

/** An error with an HTTP status that differs from that of its code. */
export class HttpError extends VigilantError {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;

  constructor(status: number, code: ErrorCode, message: string, options: HttpErrorOptions = {}) {
    super(code, message, options);
    this.status = status;
    this.headers = options.headers ?? {};
  }
}

/** Adds the name of the field to the error of an invalid cursor. Returns any other error unchanged. */
export function invalidCursor(field: string, error: unknown): unknown {
  if (!isVigilantError(error) || error.code !== 'VIGILANT_CURSOR_INVALID') return error;
  const violations = [{ field, code: 'malformed', reason: error.message }];
  return new VigilantError(error.code, error.message, { violations, cause: error });
}

/** Creates the error of an invalid part of a request, such as a parameter or a header. */
export function invalidRequest(
  field: string,
  code: string,
  reason: string,
  { limit, status = 400 }: { readonly limit?: number | string; readonly status?: number } = {},
): VigilantError {
  const violation = limit === undefined ? { field, code, reason } : { field, code, reason, limit };
  const message = `${field}: ${reason}`;
  const violations = [violation];
  return new HttpError(status, 'VIGILANT_QUERY_INVALID', message, { violations });
}

/** Creates the error of a request that the server does not accept from this caller. */
export function forbidden(field: string, reason: string): VigilantError {
  const violations = [{ field, code: 'forbidden', reason }];
  return new VigilantError('VIGILANT_FORBIDDEN', `${field}: ${reason}`, { violations });
}

/** Creates the error of a request without credentials to a server that requires them. */
export function unauthenticated(reason: string): HttpError {
  const violations = [{ field: 'Authorization', code: 'required', reason }];
  return new HttpError(401, 'VIGILANT_UNAUTHENTICATED', `Authorization: ${reason}`, {
    violations,
    headers: { 'www-authenticate': 'Bearer' },
  });
}

/** Creates the error of a method that an endpoint does not support. */
export function unsupportedMethod(method: string, allowed: readonly string[]): HttpError {
  const allow = allowed.join(', ');
  const reason = `${method} is not supported here; supported methods: ${allow}`;
  const violations = [{ field: 'method', code: 'unsupported', reason }];
  return new HttpError(405, 'VIGILANT_NOT_SUPPORTED', `method: ${reason}`, {
    violations,
    headers: { allow },
  });
}
