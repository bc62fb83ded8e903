export { createMysqlStore } from './mysql-store';
export type { MysqlStoreOptions, MysqlTls } from './options';
