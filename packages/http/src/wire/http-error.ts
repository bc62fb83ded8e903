import type { ErrorCode, VigilantErrorOptions } from '@vigilant/core';
import { VigilantError } from '@vigilant/core';
import { shorten } from '@vigilant/core/adapter';

/** Maximum length of an id that an error repeats. */
const MAX_ID_CHARACTERS = 128;

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

/** Creates the error of an item that does not exist. */
export function notFound(item: string, id: string): VigilantError {
  const reason = `there is no ${item} with the id "${shorten(id, MAX_ID_CHARACTERS)}"`;
  const violations = [{ field: 'id', code: 'not_found', reason }];
  return new VigilantError('VIGILANT_NOT_FOUND', `id: ${reason}`, { violations });
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
