import { createTestContext } from '@vigilant/conformance';
import type { TestContext } from '@vigilant/conformance';
import type { Store } from '@vigilant/core';
import { MATCH_ALL } from '@vigilant/core';
import { onTestFinished } from 'vitest';
import { createSqliteStore } from '../../src/index';

export const EVERYTHING = { filter: MATCH_ALL, order: 'arrival', limit: 1_000, maxBytes: 1e6 } as const;

/** Opens a store until the test has finished. */
export async function openStore(path: string, context: TestContext = createTestContext()): Promise<Store> {
  const store = createSqliteStore(path);
  await store.open(context);
  onTestFinished(() => store.close());
  return store;
}

export async function idsOf(store: Store): Promise<readonly string[]> {
  return (await store.query(EVERYTHING)).events.map(({ id }) => id);
}
