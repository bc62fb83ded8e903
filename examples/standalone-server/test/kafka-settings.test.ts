import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { readKafkaSettings } from '../src/kafka-settings';
import type { Environment } from '../src/variables';
import { createVariables } from '../src/variables';

const read = (environment: Environment) => readKafkaSettings(createVariables(environment));

/** Writes a file that is deleted when the test ends. Returns its path. */
function write(text: string | Buffer): string {
  const folder = mkdtempSync(join(tmpdir(), 'vigilant-settings-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const path = join(folder, 'file');
  writeFileSync(path, text);
  return path;
}

/** The start of a file in PEM format. */
const PEM = '-----BEGIN CERTIFICATE-----\n';

const PLAIN = { VIGILANT_KAFKA_SASL_MECHANISM: 'PLAIN', VIGILANT_KAFKA_SASL_USERNAME: 'app' };
const OAUTH = {
  VIGILANT_KAFKA_SASL_MECHANISM: 'oauthbearer',
  VIGILANT_KAFKA_OAUTH_TOKEN_URL: 'https://login.test/token',
  VIGILANT_KAFKA_OAUTH_CLIENT_ID: 'app',
};

describe('readKafkaSettings', () => {
  it('reads topics, key, compression and certificates', () => {
    const ca = write(PEM);
    const settings = read({
      VIGILANT_KAFKA_CONTROL_TOPIC: 'coordination',
      VIGILANT_KAFKA_KEY: 'source',
      VIGILANT_KAFKA_COMPRESSION: 'gzip',
      VIGILANT_KAFKA_PARTITIONS: '12',
      VIGILANT_KAFKA_REPLICATION: '3',
      VIGILANT_KAFKA_TLS_CA_FILE: ca,
    });
    expect(settings).toMatchObject({
      controlTopic: 'coordination',
      key: 'source',
      compression: 'gzip',
      createTopic: { partitions: 12, replicationFactor: 3 },
      tls: { ca: PEM },
      sasl: undefined,
    });
  });

  it('creates no topics with VIGILANT_KAFKA_CREATE_TOPICS=false', () => {
    expect(read({ VIGILANT_KAFKA_CREATE_TOPICS: 'false' }).createTopic).toBe(false);
  });

  it('reads a password file again for each connection, without its final line break', async () => {
    const file = write('old\n');
    const { sasl } = read({ ...PLAIN, VIGILANT_KAFKA_SASL_PASSWORD_FILE: file });
    if (sasl === undefined || !('credentials' in sasl)) throw new Error('There are no credentials.');
    expect(await sasl.credentials()).toEqual({ username: 'app', password: 'old' });
    writeFileSync(file, 'new\n');
    expect(await sasl.credentials()).toEqual({ username: 'app', password: 'new' });
  });

  it.each<[Environment, RegExp]>([
    [{ VIGILANT_KAFKA_KEY: 'data' }, /KAFKA_KEY must be one of id, origin, source, type, group, not "data"/],
    [{ VIGILANT_KAFKA_COMPRESSION: 'zip' }, /KAFKA_COMPRESSION must be one of none, gzip, snappy, not "zip"/],
    [{ VIGILANT_KAFKA_PARTITIONS: '0' }, /KAFKA_PARTITIONS must be an integer from 1 to 10000, not "0"/],
    [{ VIGILANT_KAFKA_REPLICATION: 'x' }, /KAFKA_REPLICATION must be an integer from 1 to 100, not "x"/],
    [
      { VIGILANT_KAFKA_CREATE_TOPICS: 'false', VIGILANT_KAFKA_PARTITIONS: '12' },
      /KAFKA_PARTITIONS has no effect with VIGILANT_KAFKA_CREATE_TOPICS=false\. Remove one of them/,
    ],
    [
      { VIGILANT_KAFKA_CREATE_TOPICS: 'false', VIGILANT_KAFKA_REPLICATION: '3' },
      /KAFKA_REPLICATION has no effect with VIGILANT_KAFKA_CREATE_TOPICS=false/,
    ],
    [{ VIGILANT_KAFKA_TLS: 'true' }, /KAFKA_TLS must be one of disabled, verify-identity, not "true"/],
    [
      { VIGILANT_KAFKA_TLS_CA_FILE: '/nowhere' },
      /KAFKA_TLS_CA_FILE names a file that cannot be read: ENOENT/,
    ],
    [
      { VIGILANT_KAFKA_SASL_MECHANISM: 'GSSAPI' },
      /SASL_MECHANISM must be one of plain, scram-sha-256, scram-sha-512, oauthbearer, not "GSSAPI"/,
    ],
    [
      { VIGILANT_KAFKA_SASL_USERNAME: 'app' },
      /SASL_USERNAME has no effect without VIGILANT_KAFKA_SASL_MECHANISM/,
    ],
    [
      { ...OAUTH, VIGILANT_KAFKA_SASL_PASSWORD: 'x' },
      /SASL_PASSWORD has no effect with VIGILANT_KAFKA_SASL_MECHANISM=oauthbearer/,
    ],
    [PLAIN, /SASL_PASSWORD_FILE must be set, because VIGILANT_KAFKA_SASL_MECHANISM=plain requires it/],
    [
      { ...PLAIN, VIGILANT_KAFKA_SASL_PASSWORD: 'a', VIGILANT_KAFKA_SASL_PASSWORD_FILE: 'b' },
      /SASL_PASSWORD and VIGILANT_KAFKA_SASL_PASSWORD_FILE are both set/,
    ],
    [
      { ...PLAIN, VIGILANT_KAFKA_SASL_PASSWORD_FILE: '/nowhere' },
      /SASL_PASSWORD_FILE names a file that cannot/,
    ],
    [OAUTH, /OAUTH_CLIENT_SECRET_FILE must be set/],
    [
      { ...OAUTH, VIGILANT_KAFKA_OAUTH_TOKEN_URL: 'http://login.test/token' },
      /OAUTH_TOKEN_URL must be an https URL without a user name or password, not "http:\/\/login\.test\/token"/,
    ],
    [
      { ...OAUTH, VIGILANT_KAFKA_OAUTH_TOKEN_URL: 'https://a:secret@login.test' },
      /OAUTH_TOKEN_URL must be an https URL without a user name/,
    ],
    [
      { ...OAUTH, VIGILANT_KAFKA_OAUTH_TOKEN_URL: 'https://:secret@login.test' },
      /OAUTH_TOKEN_URL must be an https URL without a user name or password. Its value is not shown/,
    ],
  ])('rejects %o and names the variable', (environment, message) => {
    expect(() => read(environment)).toThrow(message);
    expect(() => read(environment)).not.toThrow(/secret@/);
  });

  it('rejects certificates that cannot be used, and names the variables', () => {
    expect(() => read({ VIGILANT_KAFKA_TLS_CA_FILE: write('authority') })).toThrow(
      'VIGILANT_KAFKA_TLS_CA_FILE must be PEM, which contains "-----BEGIN ".',
    );
    expect(() => read({ VIGILANT_KAFKA_TLS_CERT_FILE: write(PEM) })).toThrow(
      'VIGILANT_KAFKA_TLS_KEY_FILE must be set together with VIGILANT_KAFKA_TLS_CERT_FILE.',
    );
  });

  it.each([
    ['an empty secret', '', /OAUTH_CLIENT_SECRET_FILE names a file that is empty/],
    ['a secret of a line break', '\r\n', /OAUTH_CLIENT_SECRET_FILE names a file that is empty/],
    [
      'a secret that is not UTF-8',
      Buffer.from('hidden\xff', 'latin1'),
      /OAUTH_CLIENT_SECRET_FILE names a file that is not UTF-8/,
    ],
  ])('rejects %s', (_, content, message) => {
    const environment = { ...OAUTH, VIGILANT_KAFKA_OAUTH_CLIENT_SECRET_FILE: write(content) };
    expect(() => read(environment)).toThrow(message);
    expect(() => read(environment)).not.toThrow(/hidden/);
  });

  it.skipIf(!existsSync('/dev/zero'))('rejects a file that is too large', () => {
    expect(() => read({ VIGILANT_KAFKA_TLS_CA_FILE: '/dev/zero' })).toThrow(
      'VIGILANT_KAFKA_TLS_CA_FILE names a file that cannot be read: it is larger than 1048576 bytes.',
    );
  });

  it('rejects extensions that are not a list of name=value', () => {
    const environment = {
      ...OAUTH,
      VIGILANT_KAFKA_OAUTH_CLIENT_SECRET_FILE: write('secret'),
      VIGILANT_KAFKA_OAUTH_EXTENSIONS: 'logicalCluster',
    };
    expect(() => read(environment)).toThrow(/OAUTH_EXTENSIONS must be a comma-separated list of name=value/);
  });
});
