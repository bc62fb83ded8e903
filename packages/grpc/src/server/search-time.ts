/** Default of core's `deadlineMs`. */
const MAX_DEADLINE_MS = 10_000;

/** What the search leaves of the client's remaining time: 2 s in which core waits for the store, and 0.5 s for the response. */
const RESERVED_MS = 2_500;

/** Share of a short remaining time that the search may use although it leaves less than `RESERVED_MS`. */
const SEARCH_SHARE = 0.5;

/** Returns the time limit of a search, such that the response or the error of a store that does not answer arrives in time. */
export function toSearchMs(remainingMs: number): number {
  const searchMs = Math.max(remainingMs - RESERVED_MS, remainingMs * SEARCH_SHARE);
  return Math.max(1, Math.floor(Math.min(MAX_DEADLINE_MS, searchMs)));
}
