import { randomInt } from 'node:crypto';
import type { Store } from '@vigilant/core';
import { openAdapters } from '../adapters';
import type { TestContext } from '../context';
import type { Case, CaseFixture } from '../suite';
import type { StoreHarness } from './harness';

/** An optional feature that a case requires. */
export type StoreNeed =
  | 'durable'
  | 'shared'
  | 'queryLines'
  | 'histogram'
  | 'facets'
  | 'prune'
  | 'documents'
  | 'backup'
  | 'appendEncoded'
  | 'rawRows'
  | 'readOnly'
  | 'faults'
  | 'stall';

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
  /** Opens a read-only store on the same data beside `store`. */
  readOnly(): Promise<Store>;
  /** Creates a store on new data, without opening it. */
  unopened(): Promise<Store>;
  /** Creates a harness with new data, without opening its store. */
  unopenedHarness(): Promise<StoreHarness>;
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
  const { create, patienceMs, runs, seed = randomInt(2 ** 31) } = settings;
  const adapters = await openAdapters({ name: 'store', create, adapterOf: ({ store }) => store, patienceMs });
  const { harness, context } = adapters;
  return {
    store: harness.store,
    harness,
    context,
    runs,
    seed,
    patienceMs,
    reopen: () => adapters.reopen(),
    peer: () => adapters.another(),
    another: (given) => adapters.another(given),
    async readOnly() {
      if (harness.readOnly === undefined) throw new TypeError('The harness has no readOnly().');
      return adapters.open(await harness.readOnly());
    },
    unopened: async () => (await adapters.unopened()).store,
    unopenedHarness: () => adapters.unopened(),
    open: (store) => adapters.open(store),
    skipReason: (need) => skipReason(harness, need),
    dispose: () => adapters.dispose(),
  };
}

function skipReason(
  { store, rawRows, backup, readOnly, faults }: StoreHarness,
  need: StoreNeed,
): string | undefined {
  switch (need) {
    case 'durable':
      return store.capabilities.durability === 'memory' ? 'durability is memory' : undefined;
    case 'shared':
      return store.capabilities.shared ? undefined : 'shared is false';
    case 'rawRows':
      return rawRows === undefined ? 'the harness has no rawRows' : undefined;
    case 'readOnly':
      return readOnly === undefined ? 'the harness has no readOnly' : undefined;
    case 'faults':
      return faults === undefined ? 'the harness has no faults' : undefined;
    case 'stall':
      return faults?.stall === undefined ? 'the harness has no faults.stall' : undefined;
    case 'backup':
      if (store.backup === undefined) return 'the store has no backup';
      return backup === undefined ? 'the harness has no backup' : undefined;
    case 'queryLines':
    case 'histogram':
    case 'facets':
    case 'prune':
    case 'documents':
    case 'appendEncoded':
      return store[need] === undefined ? `the store has no ${need}` : undefined;
  }
}
