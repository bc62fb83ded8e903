export { createTestContext } from './context';
export type { TestContext } from './context';
export type { SuiteOptions, TestRunner } from './suite';
export { runStoreConformance, storeCaseIds } from './store/suite';
export type { StoreConformanceOptions } from './store/suite';
export type { BackupHarness, StoreHarness } from './store/harness';
export { brokerCaseIds, runBrokerConformance } from './broker/suite';
export type { BrokerConformanceOptions } from './broker/suite';
export type { BrokerHarness, BrokerHarnessOptions } from './broker/harness';
