export { createMysqlStore } from './store/mysql-store';
export type { MysqlStoreOptions, MysqlTls } from './connection/mysql-options';
