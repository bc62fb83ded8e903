import type { ErrorCode, VigilantError, Violation } from '@vigilant/core';
import { ERROR_CODES } from '@vigilant/core';
import { toVigilantError } from '@vigilant/core/adapter';
import { HttpError } from './http-error';
import { textResponse } from './responses';

/** An error as `application/problem+json`, see RFC 9457. */
export interface Problem {
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly detail: string;
  readonly code: ErrorCode;
  readonly retryable: boolean;
  readonly violations: readonly Violation[];
  readonly position?: number;
  readonly retryAfterMs?: number;
}

/** The error of one event in a batch: part of a problem. */
export type EventProblem = Pick<
  Problem,
  'code' | 'retryable' | 'violations' | 'position' | 'retryAfterMs'
> & {
  readonly message: string;
};

/** Converts a thrown value to a problem. Omits the message of an error that is not a `VigilantError`. */
export function toProblem(thrown: unknown): Problem {
  const error = toVigilantError(thrown, 'VIGILANT_INTERNAL', 'The request failed');
  const { code, retryable, violations } = error;
  return {
    type: `urn:vigilant:error:${code}`,
    title: ERROR_CODES[code].meaning,
    status: statusOf(error),
    detail: error === thrown ? error.message : 'The server failed. See its diagnostics.',
    code,
    retryable,
    violations,
    ...hintsOf(error),
  };
}

/** Converts the error of one event in a batch. */
export function toEventProblem(error: VigilantError): EventProblem {
  const { code, message, retryable, violations } = error;
  return { code, message, retryable, violations, ...hintsOf(error) };
}

/** Creates the response for a thrown value. */
export function problemResponse(thrown: unknown, members: Readonly<Record<string, unknown>> = {}): Response {
  const problem = toProblem(thrown);
  const { status, retryAfterMs } = problem;
  const headers = {
    ...(thrown instanceof HttpError ? thrown.headers : {}),
    ...(retryAfterMs === undefined ? {} : { 'retry-after': String(Math.ceil(retryAfterMs / 1000)) }),
  };
  const text = JSON.stringify({ ...problem, ...members });
  return textResponse(text, 'application/problem+json', { status, headers });
}

function statusOf(error: VigilantError): number {
  return error instanceof HttpError ? error.status : ERROR_CODES[error.code].http;
}

function hintsOf({ position, retryAfterMs }: VigilantError): Pick<Problem, 'position' | 'retryAfterMs'> {
  return {
    ...(position === undefined ? {} : { position }),
    ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
  };
}
