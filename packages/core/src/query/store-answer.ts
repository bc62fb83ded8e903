import type { DocumentStore } from '../contracts/documents';
import type { Clock } from '../util/clock';
import { VigilantError } from '../util/errors';
import { withTimeout } from '../util/signals';
import type { Budget } from './budget';
import { DEFAULT_LIMITS } from './budget';

/** Time to transfer a partial result after the deadline, in milliseconds. */
const TRANSFER_MS = 2_000;

/**
 * Settles like a request to the store, within a time limit that the store itself does not have.
 *
 * @throws {VigilantError} `VIGILANT_STORE_UNAVAILABLE` when the store does not answer within the limits.
 */
export function storeAnswer<T>(request: Promise<T>, clock: Clock, limits: ReturnType<Budget>): Promise<T> {
  const { deadlineMs, signal } = limits;
  return withTimeout(request, { clock, timeoutMs: deadlineMs, signal, onTimeout: () => fail(deadlineMs) });
}

/**
 * Settles like a request that the store itself ends at the deadline. Rejects like `storeAnswer` if the store does not, after
 * additional time to transfer a partial result.
 */
export function timelyAnswer<T>(request: Promise<T>, clock: Clock, limits: ReturnType<Budget>): Promise<T> {
  return storeAnswer(request, clock, { ...limits, deadlineMs: limits.deadlineMs + TRANSFER_MS });
}

/** Wraps documents so that each request ends after 10 s. A write may still be carried out later. */
export function limitDocuments(documents: DocumentStore, clock: Clock): DocumentStore {
  return {
    get: (kind, key) => storeAnswer(documents.get(kind, key), clock, DEFAULT_LIMITS),
    list: (kind, options) => storeAnswer(documents.list(kind, options), clock, DEFAULT_LIMITS),
    count: (kind) => storeAnswer(documents.count(kind), clock, DEFAULT_LIMITS),
    put: (kind, key, content, options) =>
      storeAnswer(documents.put(kind, key, content, options), clock, DEFAULT_LIMITS),
    delete: (kind, key, options) => storeAnswer(documents.delete(kind, key, options), clock, DEFAULT_LIMITS),
    write: (changes) => storeAnswer(documents.write(changes), clock, DEFAULT_LIMITS),
  };
}

function fail(timeoutMs: number): never {
  throw new VigilantError(
    'VIGILANT_STORE_UNAVAILABLE',
    `The store did not answer within ${timeoutMs} ms. Check that it is running, and try again. A change may have been stored.`,
  );
}
