import { checkCertificates } from '@vigilant/core/adapter';
import type { Certificates } from '@vigilant/core/adapter';
import type { Variables } from './variables';

/** TLS of a connection that is encrypted. */
export interface TlsSettings<Mode> extends Certificates {
  readonly mode: Mode;
}

/**
 * Reads the mode and the files of TLS. Returns `undefined` if TLS is disabled. It is disabled by default unless a file is set.
 *
 * @param name - Variable with the mode, such as `VIGILANT_KAFKA_TLS`. Those of the files start with it.
 * @param modes - Modes other than `disabled`.
 * @throws {Error} that names the variable or the file that is wrong
 */
export function readTls<Mode extends string>(
  variables: Variables,
  name: string,
  modes: readonly Mode[],
): TlsSettings<Mode | 'verify-identity'> | undefined {
  const nameOf = (option: keyof Certificates): string => `${name}_${option.toUpperCase()}_FILE`;
  const ca = variables.file(nameOf('ca'));
  const cert = variables.file(nameOf('cert'));
  const key = variables.file(nameOf('key'));
  const hasFiles = [ca, cert, key].some((text) => text !== undefined);
  const chosen = variables.optionalChoice(name, ['disabled', ...modes, 'verify-identity']);
  const mode = chosen ?? (hasFiles ? 'verify-identity' : 'disabled');
  if (mode === 'disabled') {
    if (hasFiles)
      throw new Error(`${name} is disabled, but a file of certificates is set. Remove one of them.`);
    return undefined;
  }
  checkCertificates({ ca, cert, key }, nameOf);
  return { mode, ca, cert, key };
}
