import { randomInt } from 'node:crypto';
import type { Store } from '@vigilant/core';
import type { TestContext } from '../context';
import { createTestContext } from '../context';
import type { Case, CaseFixture } from '../suite';
import { within } from '../waiting';
import type { StoreHarness } from './harness';

/** An optional feature that a case requires. */
export type StoreNeed =
  'durable' | 'shared' | 'histogram' | 'facets' | 'prune' | 'documents' | 'backup' | 'rawRows';

/** A test of one guarantee of `Store`. */
export type StoreCase = Case<StoreFixture, StoreNeed>;

/** Dependencies of a case of the store suite. */
export interface StoreFixture extends CaseFixture<StoreNeed> {
  /** Open and empty. */
  readonly store: Store;
  readonly harness: StoreHarness;
  readonly context: TestContext;
  /** Number of examples of the largest property. */
  readonly runs: number;
  readonly seed: number;
  readonly patienceMs: number;
  /** Closes `store` and opens another on the same data. */
  reopen(): Promise<Store>;
  /** Opens another store on the same data beside `store`. */
  peer(): Promise<Store>;
  /** Opens another store on the same data with the given context. */
  another(context: TestContext): Promise<Store>;
  /** Creates a store on new data, without opening it. */
  unopened(): Promise<Store>;
  /** Opens a store, which is closed after the case. */
  open(store: Store): Promise<Store>;
}

/** Settings of all fixtures of a suite. */
export interface StoreSuiteSettings {
  readonly create: () => Promise<StoreHarness>;
  readonly runs: number;
  readonly seed?: number | undefined;
  readonly patienceMs: number;
}

/** Creates a fixture with an open store. */
export async function createStoreFixture(settings: StoreSuiteSettings): Promise<StoreFixture> {
  const { patienceMs, runs } = settings;
  const harnesses: StoreHarness[] = [];
  const opened: Store[] = [];
  const context = createTestContext();

  const unopened = async (): Promise<StoreHarness> => {
    const harness = await settings.create();
    harnesses.push(harness);
    return harness;
  };
  const open = async (store: Store, given = context): Promise<Store> => {
    opened.push(store);
    await within(patienceMs, 'open', store.open(given));
    return store;
  };
  const dispose = async (): Promise<void> => {
    try {
      for (const store of opened) await within(patienceMs, 'close', store.close());
    } finally {
      for (const harness of harnesses) await harness.dispose();
    }
  };

  const harness = await unopened();
  const another = async (given = context): Promise<Store> => {
    if (harness.another === undefined)
      throw new TypeError('The store declares durable data, so the harness needs another().');
    return open(await harness.another(), given);
  };
  const fixture: StoreFixture = {
    store: harness.store,
    harness,
    context,
    runs,
    seed: settings.seed ?? randomInt(2 ** 31),
    patienceMs,
    async reopen() {
      await within(patienceMs, 'close', harness.store.close());
      return another();
    },
    peer: () => another(),
    another,
    unopened: async () => (await unopened()).store,
    open: (store) => open(store),
    lacks: (need) => lacks(harness, need),
    dispose,
  };
  try {
    await open(harness.store);
  } catch (error) {
    await harness.dispose();
    throw error;
  }
  return fixture;
}

function lacks({ store, rawRows, backup }: StoreHarness, need: StoreNeed): string | undefined {
  switch (need) {
    case 'durable':
      return store.capabilities.durability === 'memory' ? 'durability is memory' : undefined;
    case 'shared':
      return store.capabilities.shared ? undefined : 'shared is false';
    case 'rawRows':
      return rawRows === undefined ? 'the harness has no rawRows' : undefined;
    case 'backup':
      if (store.backup === undefined) return 'the store has no backup';
      return backup === undefined ? 'the harness has no backup' : undefined;
    case 'histogram':
    case 'facets':
    case 'prune':
    case 'documents':
      return store[need] === undefined ? `the store has no ${need}` : undefined;
  }
}
