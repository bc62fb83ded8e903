import { createSecureContext } from 'node:tls';
import { invalidSecretOption, optionError } from './option-checks';
import { reasonOf } from './errors';

/** Certificates and the private key of a TLS connection, each in PEM format. */
export interface Certificates {
  /** Certificates of the trusted authorities. @defaultValue those of Node.js */
  readonly ca?: string | Buffer | undefined;
  /** Certificate of this client; requires `key`. */
  readonly cert?: string | Buffer | undefined;
  /** Private key of `cert`, which must not be encrypted. */
  readonly key?: string | Buffer | undefined;
}

/** Marks the start of each certificate and key in PEM format. */
const PEM_START = '-----BEGIN ';

/**
 * Checks that certificates and a private key can be used. Otherwise each connection would fail, and some drivers then throw outside
 * of any promise.
 *
 * @param nameOf - Returns the name of an option for errors, such as `tls.key`.
 * @throws {VigilantError} `VIGILANT_OPTIONS_INVALID`
 */
export function checkCertificates(
  certificates: Certificates,
  nameOf: (option: keyof Certificates) => string = (option) => `tls.${option}`,
): void {
  for (const option of ['ca', 'cert', 'key'] as const) checkPem(nameOf(option), certificates[option]);
  checkKeyPair(certificates, nameOf('cert'), nameOf('key'));
}

function checkPem(path: string, value: unknown): void {
  if (value === undefined) return;
  if (typeof value !== 'string' && !(value instanceof Uint8Array))
    throw invalidSecretOption(path, 'a string or a Buffer with PEM');
  if (!Buffer.from(value).includes(PEM_START))
    throw invalidSecretOption(path, `PEM, which contains "${PEM_START}"`, 'malformed');
}

function checkKeyPair({ cert, key }: Certificates, certName: string, keyName: string): void {
  if (cert === undefined && key === undefined) return;
  if (cert === undefined || key === undefined) {
    const [missing, given] = cert === undefined ? [certName, keyName] : [keyName, certName];
    const reason = `must be set together with ${given}`;
    throw optionError(`${missing} ${reason}.`, { field: missing, code: 'required', reason });
  }
  try {
    createSecureContext({ cert, key });
  } catch (error) {
    const reason = `must be the unencrypted private key of ${certName}`;
    const violation = { field: keyName, code: 'invalid_value', reason };
    throw optionError(`${keyName} ${reason} (${reasonOf(error)}).`, violation, error);
  }
}
