import assert from 'node:assert/strict';
import { hardEvents, sampleEvents } from '../samples';
import type { StoreCase } from './fixture';
import { assertSameEvent, readAll } from './read';

/** Copying a store while it is in use. */
export const backupCases: readonly StoreCase[] = [
  {
    id: 'store/backup/complete',
    behaviour: 'copies every event stored before it began, while the store stays in use',
    needs: ['backup'],
    async run({ store, harness, open }) {
      const { backup } = harness;
      assert.ok(backup !== undefined && store.backup !== undefined);
      const events = [...hardEvents(), ...sampleEvents(1_000)];
      await store.append(events);
      const [result, during] = await Promise.all([
        store.backup(backup.target),
        store.append(sampleEvents(50)),
      ]);
      assert.equal(during.inserted, 50);
      assert.ok(result.events >= events.length && result.bytes > 0);
      const copy = await open(await backup.open());
      const copied = await readAll(copy);
      assert.equal(copied.length, result.events);
      for (const [index, event] of events.entries()) assertSameEvent(copied[index], event);
    },
  },
];
