import type { MysqlStoreOptions, MysqlTls } from '@vigilant/store-mysql';
import type { Variables } from './variables';

/** Options of the MySQL store that come from the environment. */
export interface MysqlSettings extends Pick<MysqlStoreOptions, 'password' | 'tls'> {
  /** `mysql://user:password@host:port/database` */
  readonly url: string;
}

/** The options of each value of `VIGILANT_MYSQL_TLS`. The values are the modes of MySQL's own clients. */
const TLS_MODES = {
  disabled: undefined,
  required: { rejectUnauthorized: false },
  'verify-ca': { verifyIdentity: false },
  'verify-identity': {},
} as const satisfies Record<string, MysqlTls | undefined>;

/** Reads the options of the MySQL store. @throws {Error} that names the variable or the file that is wrong */
export function readMysqlSettings(variables: Variables): MysqlSettings {
  const url = variables.text('VIGILANT_MYSQL_URL', 'mysql://root@127.0.0.1:3306/vigilant');
  const password = variables.file('VIGILANT_MYSQL_PASSWORD_FILE')?.replace(/\r?\n$/, '');
  const tls = readTls(variables);
  return { url, ...(password === undefined ? {} : { password }), ...(tls === undefined ? {} : { tls }) };
}

function readTls(variables: Variables): MysqlTls | undefined {
  const ca = variables.file('VIGILANT_MYSQL_TLS_CA_FILE');
  const cert = variables.file('VIGILANT_MYSQL_TLS_CERT_FILE');
  const key = variables.file('VIGILANT_MYSQL_TLS_KEY_FILE');
  const hasFiles = [ca, cert, key].some((text) => text !== undefined);
  const mode = variables.choice(
    'VIGILANT_MYSQL_TLS',
    hasFiles
      ? ['verify-identity', 'verify-ca', 'required', 'disabled']
      : ['disabled', 'required', 'verify-ca', 'verify-identity'],
  );
  const options = TLS_MODES[mode];
  if (options === undefined && hasFiles)
    throw new Error('VIGILANT_MYSQL_TLS is disabled, but a file of certificates is set. Remove one of them.');
  if (options === undefined) return undefined;
  return {
    ...options,
    ...(ca === undefined ? {} : { ca }),
    ...(cert === undefined ? {} : { cert }),
    ...(key === undefined ? {} : { key }),
  };
}
