import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * Paths of files in PEM format.
 *
 * @typedef {object} CertificateFiles
 * @property {string} ca - Certificate of the authority.
 * @property {string} serverCert - Names the server at 127.0.0.1.
 * @property {string} serverKey
 * @property {string} clientCert
 * @property {string} clientKey
 */

/**
 * Creates an authority, and the certificates of a server and a client that it has issued.
 *
 * @param {string} folder
 * @returns {CertificateFiles}
 */
export function createCertificates(folder) {
  const openssl = (command) =>
    void execFileSync('openssl', command.split(' '), { stdio: 'ignore', cwd: folder });
  const file = (name) => join(folder, `${name}.pem`);
  const newKey = '-newkey rsa:2048 -nodes';
  openssl(`req -x509 ${newKey} -days 2 -subj /CN=authority -keyout ca-key.pem -out ca.pem`);
  writeFileSync(join(folder, 'names'), 'subjectAltName=IP:127.0.0.1');
  for (const name of ['server', 'client']) {
    openssl(`req ${newKey} -subj /CN=${name} -keyout ${name}-key.pem -out ${name}.csr`);
    const issuer = '-CA ca.pem -CAkey ca-key.pem -CAcreateserial';
    openssl(`x509 -req -in ${name}.csr ${issuer} -days 2 -extfile names -out ${name}.pem`);
  }
  return {
    ca: file('ca'),
    serverCert: file('server'),
    serverKey: file('server-key'),
    clientCert: file('client'),
    clientKey: file('client-key'),
  };
}

/**
 * Creates a PKCS #12 file with the certificate and the key of the server, as Kafka reads it.
 *
 * @param {CertificateFiles} files
 * @param {string} path
 * @param {string} password
 */
export function createKeyStore({ serverCert, serverKey }, path, password) {
  const options = ['-in', serverCert, '-inkey', serverKey, '-out', path, '-passout', `pass:${password}`];
  execFileSync('openssl', ['pkcs12', '-export', ...options], { stdio: 'ignore' });
}
