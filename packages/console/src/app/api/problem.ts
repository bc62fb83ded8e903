/** A violation of a rule, as the server reports it. */
export interface Violation {
  readonly field: string;
  readonly code: string;
  readonly reason: string;
  readonly limit?: number;
}

/** An error of the HTTP API, or of the connection to it (`status` 0). */
export class ApiError extends Error {
  readonly status: number;
  /** Such as `VIGILANT_FILTER_INVALID`; `NETWORK` when there was no response. */
  readonly code: string;
  readonly retryable: boolean;
  readonly violations: readonly Violation[];
  /** Position of the fault in the filter, in UTF-16 code units. */
  readonly position: number | undefined;
  readonly retryAfterMs: number | undefined;

  constructor(message: string, fields: Partial<Omit<ApiError, 'message'>> = {}) {
    super(message, fields.cause === undefined ? {} : { cause: fields.cause });
    this.name = 'ApiError';
    this.status = fields.status ?? 0;
    this.code = fields.code ?? 'NETWORK';
    this.retryable = fields.retryable ?? this.status === 0;
    this.violations = fields.violations ?? [];
    this.position = fields.position;
    this.retryAfterMs = fields.retryAfterMs;
  }
}

/** Reads the error of a response. A body that is not a problem document still becomes an error. */
export async function readProblem(response: Response): Promise<ApiError> {
  const body: unknown = await response.json().catch(() => undefined);
  return toApiError(body, response.status);
}

/** Converts a problem document to an error. */
export function toApiError(problem: unknown, status: number): ApiError {
  const fields = (typeof problem === 'object' && problem !== null ? problem : {}) as Partial<ApiError> & {
    readonly title?: string;
    readonly detail?: string;
  };
  return new ApiError(fields.detail ?? fields.title ?? `The server answered with status ${status}.`, {
    status,
    code: fields.code ?? `HTTP_${status}`,
    retryable: fields.retryable ?? status >= 500,
    violations: fields.violations ?? [],
    ...(typeof fields.position === 'number' ? { position: fields.position } : {}),
    ...(typeof fields.retryAfterMs === 'number' ? { retryAfterMs: fields.retryAfterMs } : {}),
  });
}

/** Returns whether an error is the abort of a request, which is not shown to the user. */
export function isAbort(error: unknown): boolean {
  return error instanceof DOMException && error.name === 'AbortError';
}
