import { generateKeyPairSync } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import type { Certificates } from '../../src/util/certificate-checks';
import { checkCertificates } from '../../src/util/certificate-checks';

const PEM = '-----BEGIN CERTIFICATE-----';
const KEY = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey.export({
  type: 'pkcs8',
  format: 'pem',
});

describe('checkCertificates', () => {
  it.each<[string, unknown, string]>([
    ['a number', { ca: 5 }, 'tls.ca must be a string or a Buffer with PEM. Its value is not shown.'],
    ['a path', { ca: 'ca.pem' }, 'tls.ca must be PEM, which contains "-----BEGIN ". Its value is not shown.'],
    ['a certificate alone', { cert: PEM }, 'tls.key must be set together with tls.cert.'],
    ['a key alone', { key: KEY }, 'tls.cert must be set together with tls.key.'],
    [
      'a damaged certificate',
      { cert: PEM, key: KEY },
      'tls.key must be the unencrypted private key of tls.cert (',
    ],
  ])('rejects %s', (_, certificates, message) => {
    expect(() => checkCertificates(certificates as Certificates)).toThrow(
      expect.objectContaining({
        code: 'VIGILANT_OPTIONS_INVALID',
        message: expect.stringContaining(message) as string,
      }) as Error,
    );
  });

  it('names the options as the caller does', () => {
    const check = (): void => checkCertificates({ cert: PEM }, (option) => `${option.toUpperCase()}_FILE`);
    expect(check).toThrow('KEY_FILE must be set together with CERT_FILE.');
  });

  it('accepts authorities alone, and nothing', () => {
    checkCertificates({});
    checkCertificates({ ca: Buffer.from(PEM), cert: undefined, key: undefined });
  });
});
