/** Default of core's `deadlineMs` of a query. */
const MAX_SEARCH_MS = 10_000;

/** Maximum of core's `deadlineMs`. */
const MAX_GET_MS = 600_000;

/** Longest check of ids. Core's limit for each of its answers. */
const MAX_CHECK_MS = 10_000;

/** Time reserved for the response, in milliseconds. */
const RESPONSE_MS = 500;

/** Time reserved after a search, in milliseconds: 2 s in which core waits for a late store, and the response. */
const AFTER_SEARCH_MS = 2_000 + RESPONSE_MS;

/** Minimum share of the remaining time for the store. It applies to short deadlines, which leave less than the reserved time. */
const STORE_SHARE = 0.5;

/**
 * Returns the time limit of a search in milliseconds. With a deadline of 5 s or more, the client also receives the error of a
 * store that does not answer.
 */
export function toSearchMs(remainingMs: number): number {
  return Math.min(MAX_SEARCH_MS, limitMs(remainingMs, AFTER_SEARCH_MS));
}

/**
 * Returns the time limit of a `get` in milliseconds, at which core rejects at once. With a deadline of 1 s or more, the client
 * also receives the error of a store that does not answer. A call without a deadline has core's default.
 */
export function toGetMs(remainingMs: number): number | undefined {
  if (remainingMs === Infinity) return undefined;
  return Math.min(MAX_GET_MS, limitMs(remainingMs, RESPONSE_MS));
}

/** Returns the time limit of the check of ids in milliseconds, so that the response reaches the client before the deadline. */
export function toCheckMs(remainingMs: number): number {
  return Math.min(MAX_CHECK_MS, limitMs(remainingMs, RESPONSE_MS));
}

function limitMs(remainingMs: number, reservedMs: number): number {
  return Math.max(1, Math.floor(Math.max(remainingMs - reservedMs, remainingMs * STORE_SHARE)));
}
