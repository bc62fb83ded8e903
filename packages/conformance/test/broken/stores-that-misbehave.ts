import { isVigilantError } from '@vigilant/core';
import type { BrokenStore } from './broken-store';

/** Stores with a broken lifecycle, status or capabilities. */
export const STORES_THAT_MISBEHAVE: readonly BrokenStore[] = [
  {
    name: 'does not reject calls before open and after close',
    change: (store) => ({ get: (id) => store.get(id).catch(() => undefined) }),
    fails: ['store/lifecycle/closed-rejects'],
  },
  {
    name: 'does not append the last of several encoded events',
    change: (store) => ({
      appendEncoded: (batch) => store.append(batch.decode().slice(0, Math.max(1, batch.count - 1))),
    }),
    fails: ['store/append/encoded'],
  },
  {
    name: 'rejects a concurrent second close',
    change: (store) => {
      let isClosing = false;
      return {
        async close() {
          if (isClosing) throw new Error('The adapter is already closing.');
          isClosing = true;
          await store.close();
          isClosing = false;
        },
      };
    },
    fails: ['store/lifecycle/close-twice'],
  },
  {
    name: 'does not settle pending operations at close',
    change: (store) => ({
      async query(query) {
        await new Promise((resolve) => setImmediate(resolve));
        const never = new Promise<never>(() => {});
        return store.query(query).catch((error) => (isVigilantError(error) ? never : Promise.reject(error)));
      },
    }),
    fails: [
      'store/lifecycle/closed-rejects',
      'store/lifecycle/close-waits',
      'store/abandon/settles-all',
      'store/fault/retryable',
      'store/fault/abandon',
    ],
  },
  {
    name: 'has the same epoch as every other store',
    change: (store) => ({ status: async () => ({ ...(await store.status()), epoch: 'epoch' }) }),
    fails: [
      'store/lifecycle/isolated',
      'store/query/epoch',
      'store/histogram/agrees',
      'store/histogram/limit',
      'store/facets/agrees',
      'store/facets/odd-values',
      'store/read-only/reads',
    ],
  },
  {
    name: 'leaves a timer after close',
    change: (store) => ({
      async open(context) {
        context.clock.after(600_000, () => {});
        await store.open(context);
      },
    }),
    fails: ['store/lifecycle/leaves-no-timer'],
  },
  {
    name: 'renews its epoch at each open',
    change: (store) => {
      const epoch = String(Math.random());
      return {
        status: async () => ({ ...(await store.status()), epoch }),
        query: async (query) => ({ ...(await store.query(query)), epoch }),
      };
    },
    fails: [
      'store/lifecycle/reopen-keeps',
      'store/shared/visible',
      'store/histogram/agrees',
      'store/histogram/limit',
      'store/facets/agrees',
      'store/facets/odd-values',
      'store/read-only/reads',
    ],
  },
  {
    name: 'does not settle operations when the signal of its context is aborted',
    change: (store) => {
      let signal: AbortSignal | undefined;
      return {
        async open(context) {
          signal = context.signal;
          await store.open(context);
        },
        async append(batch) {
          const result = await store.append(batch);
          return signal?.aborted ? new Promise(() => {}) : result;
        },
      };
    },
    fails: ['store/abandon/settles-all'],
  },
  {
    name: 'loses its events when the signal of its context is aborted',
    change: (store, ids) => ({
      async open(context) {
        context.signal.addEventListener('abort', () => ids.add('aborted'));
        await store.open(context);
      },
      get: async (id) => (ids.has('aborted') ? undefined : store.get(id)),
    }),
    fails: ['store/abandon/keeps-appended'],
  },
  {
    name: 'declares capabilities that are not frozen',
    change: (store) => ({ capabilities: { ...store.capabilities } }),
    fails: ['store/lifecycle/capabilities'],
  },
  {
    name: 'counts duplicates as events',
    change: (store) => {
      let duplicates = 0;
      return {
        async append(batch) {
          const result = await store.append(batch);
          duplicates += result.duplicates;
          return result;
        },
        async status() {
          const status = await store.status();
          return { ...status, events: status.events + duplicates };
        },
      };
    },
    fails: [
      'store/append/replay-is-idempotent',
      'store/large/duplicates',
      'store/status/counts',
      'store/status/raw-rows',
    ],
  },
];
