import type { SuiteOptions, TestRunner } from '../suite';
import { DEFAULT_PATIENCE_MS, registerSuite } from '../suite';
import { storeCases } from './cases';
import type { StoreNeed, StoreFixture } from './fixture';
import { createStoreFixture } from './fixture';
import type { StoreHarness } from './harness';

/** Options of `runStoreConformance`. */
export interface StoreConformanceOptions extends SuiteOptions {
  /** Creates a store with its own data. Called for each case. */
  readonly create: () => Promise<StoreHarness>;
  /** Number of examples of the largest property. Other properties scale with it. @defaultValue 1000 */
  readonly runs?: number;
  /** Seed of the examples, for reproducible runs. @defaultValue random; the error of a failed property shows it */
  readonly seed?: number;
}

const DEFAULT_RUNS = 1_000;

/**
 * Registers the cases of the store suite as tests of a runner.
 *
 * A case is skipped only if `capabilities`, the optional methods or the harness lacks a feature that it requires.
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

/** Ids of all cases of the store suite. */
export const storeCaseIds: readonly string[] = storeCases.map(({ id }) => id);
