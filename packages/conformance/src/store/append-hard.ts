import assert from 'node:assert/strict';
import type { Event, Store } from '@vigilant/core';
import { hardEvents, sampleEvent } from '../samples';

/** Maximum number of characters of a value in an error. */
const MAX_CHARACTERS = 200;

/** Appends events with unusual values, and returns them. Fails with the first field whose value the store rejects. */
export async function appendHardEvents(store: Store): Promise<readonly Event[]> {
  const events = hardEvents();
  try {
    await store.append(events);
  } catch (error) {
    const field = await findRejectedField(store, events);
    if (field === undefined) throw error;
    throw new assert.AssertionError({ message: `append rejects ${field} with ${String(error)}` });
  }
  return events;
}

/** Appends each field in an otherwise plain event. Returns the name and the value of the first one that is rejected. */
async function findRejectedField(store: Store, events: readonly Event[]): Promise<string | undefined> {
  for (const event of events) {
    for (const [name, value] of Object.entries(event)) {
      const isStored = await store.append([sampleEvent({ [name]: value as unknown })]).then(
        () => true,
        () => false,
      );
      if (!isStored)
        return `the field ${name} with the value ${JSON.stringify(value).slice(0, MAX_CHARACTERS)}`;
    }
  }
  return undefined;
}
