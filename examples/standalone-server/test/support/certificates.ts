import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** Paths of files in PEM format. */
export interface Certificates {
  readonly ca: string;
  /** A certificate and key of each name, for a server at 127.0.0.1 or a client. */
  readonly serverCert: string;
  readonly serverKey: string;
  readonly clientCert: string;
  readonly clientKey: string;
}

/** Creates an authority and two certificates that it has issued. */
export function createCertificates(folder: string): Certificates {
  const file = (name: string): string => join(folder, `${name}.pem`);
  const openssl = (...args: readonly string[]): void =>
    void execFileSync('openssl', args, { stdio: 'ignore', cwd: folder });
  const newKey = ['-newkey', 'rsa:2048', '-nodes'];
  openssl(
    'req',
    '-x509',
    ...newKey,
    '-days',
    '2',
    '-subj',
    '/CN=test authority',
    '-keyout',
    'ca-key.pem',
    '-out',
    'ca.pem',
  );
  writeFileSync(join(folder, 'names'), 'subjectAltName=IP:127.0.0.1');
  for (const name of ['server', 'client']) {
    openssl('req', ...newKey, '-subj', `/CN=${name}`, '-keyout', `${name}-key.pem`, '-out', `${name}.csr`);
    const signing = [
      '-CA',
      'ca.pem',
      '-CAkey',
      'ca-key.pem',
      '-CAcreateserial',
      '-days',
      '2',
      '-extfile',
      'names',
    ];
    openssl('x509', '-req', '-in', `${name}.csr`, ...signing, '-out', `${name}.pem`);
  }
  return {
    ca: file('ca'),
    serverCert: file('server'),
    serverKey: file('server-key'),
    clientCert: file('client'),
    clientKey: file('client-key'),
  };
}

/** Writes a damaged copy of a file in PEM format and returns its path. */
export function damage(path: string): string {
  const damaged = `${path}.damaged`;
  writeFileSync(damaged, readFileSync(path, 'utf8').slice(0, 200));
  return damaged;
}
