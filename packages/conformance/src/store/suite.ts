import type { SuiteOptions, TestRunner } from '../suite';
import { DEFAULT_PATIENCE_MS, registerSuite } from '../suite';
import { storeCases } from './cases';
import type { StoreNeed, StoreFixture } from './fixture';
import { createStoreFixture } from './fixture';
import type { StoreHarness } from './harness';

/** Options of `runStoreConformance`. */
export interface StoreConformanceOptions extends SuiteOptions {
  /** Makes a store on data of its own; called for each case. */
  readonly create: () => Promise<StoreHarness>;
  /** How many examples the largest property draws; the others draw in proportion. @defaultValue 1000 */
  readonly runs?: number;
  /** Makes the properties draw the same examples each time. @defaultValue random, named when a property fails */
  readonly seed?: number;
}

const DEFAULT_RUNS = 1_000;

/**
 * Registers the cases that prove a store as tests of a runner.
 *
 * Cases are skipped by what `capabilities` declares and which optional methods are there, by nothing else.
 *
 * @example
 * import { describe, it } from 'vitest';
 * runStoreConformance({ describe, it }, { name: 'my store', create: async () => ({ store, another, dispose }) });
 */
export function runStoreConformance(runner: TestRunner, options: StoreConformanceOptions): void {
  const { create, runs = DEFAULT_RUNS, seed, patienceMs = DEFAULT_PATIENCE_MS } = options;
  const createFixture = (): Promise<StoreFixture> => createStoreFixture({ create, runs, seed, patienceMs });
  registerSuite<StoreFixture, StoreNeed>(
    runner,
    { contract: 'Store', cases: storeCases, createFixture },
    options,
  );
}

/** The ids of all cases of the store suite. */
export const storeCaseIds: readonly string[] = storeCases.map(({ id }) => id);
