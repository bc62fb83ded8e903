import { VigilantError, isVigilantError } from '@vigilant/core';
import type { Store } from '@vigilant/core';
import { fromMicros } from '@vigilant/core/adapter';
import { never } from '../../src/waiting';
import type { BrokenStore } from './broken-store';
import { changeEvents } from './broken-store';

const PART = 1_000;

/** Translates the errors of `append` while the database fails. */
const changeFailures = (change: (error: VigilantError) => Error): BrokenStore['change'] => {
  return (store) => ({
    append: (batch) =>
      store.append(batch).catch((error: unknown) => {
        const isFailure = isVigilantError(error) && error.code === 'VIGILANT_STORE_UNAVAILABLE';
        throw isFailure ? change(error) : error;
      }),
  });
};

/** Stores that work alone, but not with a concurrent reader, during a failure or at an unusual time. */
export const STORES_WITH_FAULTS: readonly BrokenStore[] = [
  {
    name: 'truncates microseconds that a double represents inexactly',
    change: changeEvents((event) => ({
      ...event,
      timestamp: fromMicros(Math.floor(event.timestamp * 1000)),
    })),
    fails: [
      'store/get/every-field',
      'store/get/survives-reopen',
      'store/query/every-field',
      'store/backup/complete',
    ],
  },
  {
    name: 'commits a large batch in parts',
    change: (store) => ({
      async append(batch) {
        if (batch.length <= PART) return store.append(batch);
        const parts = [];
        for (let start = 0; start < batch.length; start += PART)
          parts.push(await store.append(batch.slice(start, start + PART)));
        return {
          inserted: parts.reduce((sum, { inserted }) => sum + inserted, 0),
          duplicates: parts.reduce((sum, { duplicates }) => sum + duplicates, 0),
          conflicts: parts.flatMap(({ conflicts }, part) => conflicts.map((index) => part * PART + index)),
        };
      },
    }),
    fails: ['store/append/large-visible-whole'],
  },
  {
    name: 'reads asOf after the events of the page',
    change: (store) => ({ query: (query) => withLateAsOf(store, query) }),
    fails: ['store/query/as-of-while-writing'],
  },
  {
    name: 'counts a resent event with an earlier receivedAt as a conflict',
    change: (store) => ({
      async append(batch) {
        const known = await Promise.all(batch.map(({ id }) => store.get(id)));
        const result = await store.append(batch);
        const conflicts = [...batch.keys()].filter(
          (index) =>
            result.conflicts.includes(index) ||
            (known[index]?.receivedAt ?? -Infinity) > (batch[index]?.receivedAt ?? 0),
        );
        return { ...result, duplicates: batch.length - result.inserted - conflicts.length, conflicts };
      },
    }),
    fails: ['store/append/same-content'],
  },
  {
    name: 'blames an event for a failure of its database',
    change: changeFailures((error) => new VigilantError('VIGILANT_EVENT_REJECTED', error.message)),
    fails: ['store/fault/retryable'],
  },
  {
    name: 'reports a failure of its database as permanent',
    change: changeFailures(
      (error) => new VigilantError('VIGILANT_STORE_UNAVAILABLE', error.message, { retryable: false }),
    ),
    fails: ['store/fault/retryable'],
  },
  {
    name: 'passes on the errors of its driver',
    change: changeFailures((error) => new Error(error.message)),
    fails: ['store/fault/retryable'],
  },
  {
    name: 'ignores the signal of its context',
    change: (store) => ({ open: (context) => store.open({ ...context, signal: never }) }),
    fails: ['store/fault/abandon', 'store/fault/abandon-open'],
  },
  {
    name: 'ignores the signal of its context until it is open',
    change: (store) => ({
      async open(context) {
        const late = new AbortController();
        await store.open({ ...context, signal: late.signal });
        context.signal.addEventListener('abort', () => late.abort());
      },
    }),
    fails: ['store/fault/abandon-open'],
  },
  {
    name: 'overwrites its counter at the end of prune',
    change: (store) => {
      let inserted = 0;
      let overwritten = 0;
      return {
        async append(batch) {
          const result = await store.append(batch);
          inserted += result.inserted;
          return result;
        },
        async prune(policy) {
          const before = inserted;
          const result = await store.prune?.(policy);
          if (policy.signal === undefined) await new Promise((resolve) => setImmediate(resolve));
          overwritten += inserted - before;
          return result ?? { deleted: 0, complete: true };
        },
        async status() {
          const status = await store.status();
          return { ...status, events: status.events - overwritten };
        },
      };
    },
    fails: ['store/prune/while-appending'],
  },
  {
    name: 'checks the signal of prune only at its start',
    change: (store) => ({
      async prune({ signal, ...policy }) {
        if (signal?.aborted !== true) await new Promise((resolve) => setTimeout(resolve, 1));
        const known = signal?.aborted === true && policy.maxEvents !== 0 ? { ...policy, signal } : policy;
        return (await store.prune?.(known)) ?? { deleted: 0, complete: true };
      },
    }),
    fails: ['store/prune/signal-midway'],
  },
  {
    name: 'deletes all events when there are more than maxBytes',
    change: (store) => ({
      async prune(policy) {
        const result = await store.prune?.(policy);
        const isTooLarge = policy.maxBytes !== undefined && (result?.deleted ?? 0) > 0;
        const rest = isTooLarge ? await store.prune?.({ maxEvents: 0 }) : undefined;
        return { complete: true, ...result, deleted: (result?.deleted ?? 0) + (rest?.deleted ?? 0) };
      },
    }),
    fails: ['store/prune/max-bytes'],
  },
];

async function withLateAsOf(store: Store, query: Parameters<Store['query']>[0]): ReturnType<Store['query']> {
  const page = await store.query(query);
  await new Promise((resolve) => setImmediate(resolve));
  const { lastSequence } = await store.status();
  return { ...page, asOf: query.asOf ?? lastSequence };
}
