import { VigilantError, createMemoryStore } from '@vigilant/core';
import { expect, it } from 'vitest';
import { createTestContext } from '../src/context';
import { appendHardEvents } from '../src/store/append-hard';

it('names the field whose value the store rejects', async () => {
  const store = createMemoryStore();
  const append = store.append.bind(store);
  store.append = async (batch) => {
    if (batch.some(({ message }) => message.includes('\0')))
      throw new VigilantError('VIGILANT_STORE_UNAVAILABLE', 'The encoding is not valid.');
    return append(batch);
  };
  await store.open(createTestContext());
  await expect(appendHardEvents(store)).rejects.toThrow(
    /^append rejects the field message with the value "\\"quoted.* with VigilantError.*: The encoding is not valid\./s,
  );
});
