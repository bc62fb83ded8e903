import assert from 'node:assert/strict';
import { isVigilantError } from '@vigilant/core';
import type { Store } from '@vigilant/core';
import type { NamedCall } from '../assert-closed';
import { createTestContext } from '../context';
import { sampleEvent, sampleEvents } from '../samples';
import { QUIET_MS, eventually, settles, within } from '../waiting';
import type { StoreCase, StoreFixture } from './fixture';
import type { StoreFaults } from './harness';
import { WHOLE, readAll } from './read';

function faultsOf({ harness }: StoreFixture): StoreFaults {
  assert.ok(harness.faults !== undefined);
  return harness.faults;
}

function callsOf(store: Store, batch: Parameters<Store['append']>[0]): readonly NamedCall[] {
  return [
    ['append', () => store.append(batch)],
    ['query', () => store.query(WHOLE)],
    ['get', () => store.get(batch[0]?.id ?? '')],
    ['status', () => store.status()],
  ];
}

/** Fails unless an error allows the engine to repeat the call. */
function assertRetryable(name: string, error: unknown): void {
  assert.ok(isVigilantError(error), `${name} rejected with ${String(error)}, not a VigilantError.`);
  assert.notEqual(
    error.code,
    'VIGILANT_EVENT_REJECTED',
    `${name} blames an event for a failure of the database, so the event would become a dead letter.`,
  );
  assert.ok(error.retryable, `${name} rejected with ${error.code}, which is not retryable.`);
}

/** Behaviour while the database of the store fails. */
export const faultCases: readonly StoreCase[] = [
  {
    id: 'store/fault/retryable',
    behaviour: 'rejects only with retryable errors while its database fails, and stores the batch afterwards',
    needs: ['faults'],
    async run(fixture) {
      const { store, patienceMs } = fixture;
      const faults = faultsOf(fixture);
      const batch = sampleEvents(50);
      await store.append([sampleEvent()]);
      await faults.fail();
      try {
        for (const [name, call] of callsOf(store, batch)) {
          const outcome = call().then(
            () => undefined,
            (error: unknown) => assertRetryable(name, error),
          );
          await within(patienceMs, `${name} while the database fails`, outcome);
        }
      } finally {
        await faults.restore();
      }
      await eventually(patienceMs, 'append after the failure', () =>
        store.append(batch).then(
          () => true,
          (error: unknown) => {
            assertRetryable('append after the failure', error);
            return false;
          },
        ),
      );
      assert.equal((await readAll(store)).length, 51);
    },
  },
  {
    id: 'store/fault/abandon',
    behaviour: 'settles calls that its database does not answer when the signal of its context is aborted',
    needs: ['stall'],
    async run(fixture) {
      const { store, context, patienceMs } = fixture;
      const faults = faultsOf(fixture);
      await store.append([sampleEvent()]);
      await faults.stall?.();
      try {
        const work = callsOf(store, sampleEvents(50)).map(([, call]) => call());
        const settled = Promise.allSettled(work);
        // The calls must reach the database before the signal is aborted.
        await new Promise((resolve) => setTimeout(resolve, QUIET_MS));
        context.abort();
        await within(patienceMs, 'close while the database does not answer', store.close());
        for (const result of await within(patienceMs, 'calls that the database does not answer', settled))
          if (result.status === 'rejected')
            assert.ok(
              isVigilantError(result.reason),
              `A call rejected with ${String(result.reason)}, not a VigilantError.`,
            );
      } finally {
        await faults.restore();
      }
    },
  },
  {
    id: 'store/fault/abandon-open',
    behaviour: 'settles an open that its database does not answer when the signal of its context is aborted',
    needs: ['stall'],
    async run({ unopenedHarness, patienceMs }) {
      const { store, faults } = await unopenedHarness();
      const context = createTestContext();
      await faults?.stall?.();
      try {
        const settled = Promise.allSettled([store.open(context)]);
        // The store must wait for the database before the signal is aborted.
        await new Promise((resolve) => setTimeout(resolve, QUIET_MS));
        context.abort();
        const [result] = await within(patienceMs, 'open while the database does not answer', settled);
        if (result.status === 'rejected')
          assert.ok(
            isVigilantError(result.reason),
            `open rejected with ${String(result.reason)}, not a VigilantError.`,
          );
        await within(patienceMs, 'close while the database does not answer', store.close());
      } finally {
        await faults?.restore();
        await settles(store.close(), patienceMs);
      }
    },
  },
];
