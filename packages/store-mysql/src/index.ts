export { createMysqlStore } from './store/mysql-store';
export type { MysqlStoreOptions } from './connection/mysql-options';
export type { MysqlTls } from './connection/tls-options';
