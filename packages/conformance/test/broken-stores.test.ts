import { describe, expect, it } from 'vitest';
import { storeCases } from '../src/store/cases';
import { readOnlyCases } from '../src/store/read-only';
import { createStoreFixture } from '../src/store/fixture';
import { BROKEN_READ_ONLY_STORES } from './broken/read-only-stores';
import { STORES_THAT_ANSWER_WRONG } from './broken/stores-that-answer-wrong';
import { STORES_THAT_LOSE } from './broken/stores-that-lose';
import { STORES_THAT_MISBEHAVE } from './broken/stores-that-misbehave';
import { STORES_WITH_BROKEN_BATCHES } from './broken/stores-with-large-batches';
import { STORES_WITH_BROKEN_DOCUMENTS } from './broken/stores-with-broken-documents';
import { STORES_WITH_BROKEN_OPTIONS } from './broken/stores-with-broken-options';
import { STORES_WITH_FAULTS } from './broken/stores-with-faults';
import { casesFor, failuresOf, PATIENCE_MS } from './support/failures';
import { persistentStoreHarness } from './support/persistent-store';
import { wrapStore } from './support/wrap';

/** Long enough for a busy machine. */
const TIMEOUT_MS = 120_000;

describe('the store suite', () => {
  for (const [index, { name, change, fails }] of [
    ...STORES_THAT_ANSWER_WRONG,
    ...STORES_THAT_LOSE,
    ...STORES_THAT_MISBEHAVE,
    ...STORES_WITH_BROKEN_BATCHES,
    ...STORES_WITH_BROKEN_DOCUMENTS,
    ...STORES_WITH_BROKEN_OPTIONS,
    ...STORES_WITH_FAULTS,
  ].entries()) {
    it(
      `fails exactly the expected cases for a store that ${name}`,
      async () => {
        const create = async () => {
          const ids = new Set<string>();
          return persistentStoreHarness((store) => wrapStore(store, change(store, ids)));
        };
        const settings = { create, runs: 40, seed: 1, patienceMs: PATIENCE_MS };
        const failures = await failuresOf(casesFor(storeCases, index, fails), () =>
          createStoreFixture(settings),
        );
        expect(failures).toEqual(fails);
      },
      TIMEOUT_MS,
    );
  }

  for (const { name, change, fails } of BROKEN_READ_ONLY_STORES) {
    it(`fails exactly the expected cases for a read-only store that ${name}`, async () => {
      const create = async () =>
        persistentStoreHarness(undefined, (store) => wrapStore(store, change(store, new Set())));
      const settings = { create, runs: 40, seed: 1, patienceMs: PATIENCE_MS };
      expect(await failuresOf(readOnlyCases, () => createStoreFixture(settings))).toEqual(fails);
    });
  }
});
