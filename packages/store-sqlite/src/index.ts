export { sqlite } from './preset';
export type { SqliteOptions } from './preset';
export { createSqliteBroker } from './sqlite-broker';
export type { SqliteBrokerOptions } from './broker/options';
export { createSqliteStore } from './sqlite-store';
