import type { SuiteOptions, TestRunner } from '../suite';
import { DEFAULT_PATIENCE_MS, registerSuite } from '../suite';
import { brokerCases } from './cases';
import type { BrokerFixture, BrokerNeed } from './fixture';
import { createBrokerFixture } from './fixture';
import type { BrokerHarness, BrokerHarnessOptions } from './harness';

/** Options of `runBrokerConformance`. */
export interface BrokerConformanceOptions extends SuiteOptions {
  /** Creates a broker with its own data. Called for each case. */
  readonly create: (options: BrokerHarnessOptions) => Promise<BrokerHarness>;
}

/**
 * Registers the cases of the broker suite as tests of a runner.
 *
 * A case is skipped only if `capabilities`, `status` or the harness lacks a feature that it requires.
 *
 * @example
 * import { describe, it } from 'vitest';
 * runBrokerConformance({ describe, it }, { name: 'my broker', create: async () => ({ broker, another, dispose }) });
 */
export function runBrokerConformance(runner: TestRunner, options: BrokerConformanceOptions): void {
  const { create, patienceMs = DEFAULT_PATIENCE_MS } = options;
  const createFixture = (): Promise<BrokerFixture> => createBrokerFixture({ create, patienceMs });
  registerSuite<BrokerFixture, BrokerNeed>(
    runner,
    { contract: 'Broker', cases: brokerCases, createFixture },
    options,
  );
}

/** Ids of all cases of the broker suite. */
export const brokerCaseIds: readonly string[] = brokerCases.map(({ id }) => id);
