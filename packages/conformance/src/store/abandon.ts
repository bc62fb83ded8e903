import assert from 'node:assert/strict';
import { isVigilantError } from '@vigilant/core';
import { createTestContext } from '../context';
import { sampleEvent, sampleEvents } from '../samples';
import { within } from '../waiting';
import type { StoreCase } from './fixture';
import { WHOLE, assertSameEvent } from './read';

/** Behaviour after the engine stops waiting for `close`, for example because the process will be killed. */
export const abandonCases: readonly StoreCase[] = [
  {
    id: 'store/abandon/settles-all',
    behaviour: 'settles every pending operation, including close, when the signal of its context is aborted',
    async run({ store, context, patienceMs }) {
      const work: Promise<unknown>[] = Array.from({ length: 20 }, () => store.append(sampleEvents(200)));
      work.push(...Array.from({ length: 5 }, () => store.query(WHOLE)));
      context.abort();
      const settled = Promise.allSettled(work);
      await within(patienceMs, 'close', store.close());
      for (const result of await within(patienceMs, 'operations started before the signal', settled))
        if (result.status === 'rejected')
          assert.ok(
            isVigilantError(result.reason),
            `A pending operation rejected with ${String(result.reason)}, not a VigilantError.`,
          );
    },
  },
  {
    id: 'store/abandon/keeps-appended',
    behaviour: 'keeps each batch whose append resolved before the signal of its context was aborted',
    needs: ['durable'],
    async run({ store, context, another, patienceMs }) {
      const batches = Array.from({ length: 20 }, () => sampleEvents(20));
      const appending = Promise.allSettled(batches.map((batch) => store.append(batch)));
      await store.append([sampleEvent()]);
      context.abort();
      await within(patienceMs, 'close', store.close());
      const results = await within(patienceMs, 'the end of each append', appending);
      const again = await another(createTestContext());
      for (const [index, batch] of batches.entries()) {
        if (results[index]?.status !== 'fulfilled') continue;
        for (const event of batch) assertSameEvent(await again.get(event.id), event);
      }
    },
  },
];
