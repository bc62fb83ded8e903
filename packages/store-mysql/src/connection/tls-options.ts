import { checkBooleanOption, checkCertificates, checkOptionKeys } from '@vigilant/core/adapter';
import type { Certificates } from '@vigilant/core/adapter';

/** Certificates in PEM format, and how the certificate of the server is verified. */
export interface MysqlTls extends Certificates {
  /** `false` accepts any certificate, even that of an attacker. @defaultValue `true` */
  readonly rejectUnauthorized?: boolean | undefined;
  /** `false` accepts the certificate of a trusted authority for another host name. @defaultValue `true` */
  readonly verifyIdentity?: boolean | undefined;
}

const OPTIONS = ['ca', 'cert', 'key', 'rejectUnauthorized', 'verifyIdentity'];

/** Checks the option `tls`. Returns `undefined` for connections without TLS. @throws {VigilantError} `VIGILANT_OPTIONS_INVALID` */
export function resolveTls(tls: boolean | MysqlTls): MysqlTls | undefined {
  if (tls === false) return undefined;
  if (tls === true) return Object.freeze({});
  checkOptionKeys('tls', tls, OPTIONS);
  checkCertificates(tls);
  for (const name of ['rejectUnauthorized', 'verifyIdentity'] as const)
    if (tls[name] !== undefined) checkBooleanOption(`tls.${name}`, tls[name]);
  return Object.freeze({ ...tls });
}
