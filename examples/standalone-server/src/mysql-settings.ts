import type { MysqlStoreOptions, MysqlTls } from '@vigilant/store-mysql';
import { readTls } from './tls-settings';
import type { Variables } from './variables';

/** Options of the MySQL store that come from the environment. */
export interface MysqlSettings extends Pick<MysqlStoreOptions, 'password' | 'tls'> {
  /** `mysql://user:password@host:port/database` */
  readonly url: string;
}

/** The options of each value of `VIGILANT_MYSQL_TLS`. The values are the modes of MySQL's own clients. */
const TLS_MODES = {
  required: { rejectUnauthorized: false },
  'verify-ca': { verifyIdentity: false },
  'verify-identity': {},
} as const satisfies Record<string, MysqlTls>;

/** Reads the options of the MySQL store. @throws {Error} that names the variable or the file that is wrong */
export function readMysqlSettings(variables: Variables): MysqlSettings {
  const tls = readTls(variables, 'VIGILANT_MYSQL_TLS', ['required', 'verify-ca']);
  return {
    url: variables.text('VIGILANT_MYSQL_URL', 'mysql://root@127.0.0.1:3306/vigilant'),
    password: variables.secret('VIGILANT_MYSQL_PASSWORD_FILE'),
    tls: tls && { ca: tls.ca, cert: tls.cert, key: tls.key, ...TLS_MODES[tls.mode] },
  };
}
