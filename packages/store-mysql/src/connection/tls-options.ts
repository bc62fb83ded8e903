import {
  checkBooleanOption,
  checkOptionKeys,
  invalidSecretOption,
  optionError,
  reasonOf,
} from '@vigilant/core/adapter';
import { createSecureContext } from 'node:tls';

/** Certificates in PEM format, and how the certificate of the server is verified. */
export interface MysqlTls {
  /** Certificates of the trusted authorities. @defaultValue those of Node.js */
  readonly ca?: string | Buffer;
  /** Certificate of this client; requires `key`. */
  readonly cert?: string | Buffer;
  /** Private key of `cert`, which must not be encrypted. */
  readonly key?: string | Buffer;
  /** `false` accepts any certificate, even that of an attacker. @defaultValue `true` */
  readonly rejectUnauthorized?: boolean;
  /** `false` accepts the certificate of a trusted authority for another host name. @defaultValue `true` */
  readonly verifyIdentity?: boolean;
}

const OPTIONS = ['ca', 'cert', 'key', 'rejectUnauthorized', 'verifyIdentity'];

/** Marks the start of each certificate and key in PEM format. */
const PEM_START = '-----BEGIN ';

/** Checks the option `tls`. Returns `undefined` for connections without TLS. @throws {VigilantError} `VIGILANT_OPTIONS_INVALID` */
export function resolveTls(tls: boolean | MysqlTls): MysqlTls | undefined {
  if (tls === false) return undefined;
  if (tls === true) return Object.freeze({});
  checkOptionKeys('tls', tls, OPTIONS);
  for (const name of ['ca', 'cert', 'key'] as const) checkPem(`tls.${name}`, tls[name]);
  for (const name of ['rejectUnauthorized', 'verifyIdentity'] as const)
    if (tls[name] !== undefined) checkBooleanOption(`tls.${name}`, tls[name]);
  checkKeyPair(tls);
  return Object.freeze({ ...tls });
}

function checkPem(path: string, value: unknown): void {
  if (value === undefined) return;
  const requirement = 'a string or a Buffer with PEM';
  if (typeof value !== 'string' && !(value instanceof Uint8Array))
    throw invalidSecretOption(path, requirement);
  if (!Buffer.from(value).includes(PEM_START)) throw invalidSecretOption(path, requirement, 'malformed');
}

/** Checks that the certificate and the key can be used. The driver would throw outside of any promise. */
function checkKeyPair({ cert, key }: MysqlTls): void {
  if ((cert === undefined) !== (key === undefined)) {
    const missing = cert === undefined ? 'tls.cert' : 'tls.key';
    throw optionError(`tls.cert and tls.key must be set together, but ${missing} is missing.`, {
      field: missing,
      code: 'required',
      reason: 'must be set together with the other one',
    });
  }
  if (cert === undefined) return;
  try {
    createSecureContext({ cert, key });
  } catch (error) {
    const reason = 'must be the unencrypted private key of tls.cert';
    const violation = { field: 'tls.key', code: 'invalid_value', reason } as const;
    throw optionError(`tls.key ${reason} (${reasonOf(error)}).`, violation, error);
  }
}
