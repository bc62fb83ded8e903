export { sqlite } from './preset';
export type { SqliteDriver } from './host/driver-option';
export type { SqliteOptions, SqliteReadOnlyOptions } from './preset';
export { createSqliteBroker } from './broker/sqlite-broker';
export type { SqliteBrokerOptions } from './broker/broker-options';
export { createSqliteStore } from './host/sqlite-store';
export type { SqliteStoreOptions } from './host/store-options';
