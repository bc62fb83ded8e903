import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it, onTestFinished } from 'vitest';
import { ROOT } from '../../../scripts/lib/setup.mjs';
import { VARIABLES, readSettings, unusedVariables } from '../src/settings';

/** The start of a file in PEM format. */
const PEM = '-----BEGIN CERTIFICATE-----\n';

describe('readSettings', () => {
  it('has a default for each setting', () => {
    expect(readSettings({})).toEqual({
      isDemo: false,
      folder: resolve('data'),
      grpc: { host: '127.0.0.1', port: 50_051 },
      http: { host: '127.0.0.1', port: 50_052 },
      intervalMs: 30_000,
      retention: { maxAge: '30d', byLevel: {} },
      broker: 'sqlite',
      store: 'sqlite',
      mysql: { url: 'mysql://root@127.0.0.1:3306/vigilant' },
      kafka: {
        brokers: ['127.0.0.1:9092'],
        topic: 'vigilant',
        groupId: 'vigilant',
        compression: 'none',
        createTopic: {},
      },
    });
  });

  it('keeps the data of the demo in a folder of its own', () => {
    expect(readSettings({}, { isDemo: true }).folder).toBe(resolve('data/demo'));
    expect(readSettings({ VIGILANT_DATA: 'mine' }, { isDemo: true }).folder).toBe(resolve('mine'));
  });

  it('reads the Kafka cluster; the group defaults to the topic', () => {
    const {
      broker,
      kafka: { brokers, topic, groupId },
    } = readSettings({
      VIGILANT_BROKER: 'kafka',
      VIGILANT_KAFKA_BROKERS: 'a:1, b:2',
      VIGILANT_KAFKA_TOPIC: 'shop',
    });
    expect({ broker, brokers, topic, groupId }).toEqual({
      broker: 'kafka',
      brokers: ['a:1', 'b:2'],
      topic: 'shop',
      groupId: 'shop',
    });
  });

  it('reads the rules of retention', () => {
    const { retention } = readSettings({
      VIGILANT_RETENTION_MAX_AGE: 'forever',
      VIGILANT_RETENTION_MAX_AGE_DEBUG: '7d',
      VIGILANT_RETENTION_MAX_BYTES: '10000000000',
    });
    expect(retention).toEqual({ maxAge: 'forever', byLevel: { DEBUG: '7d' }, maxBytes: 10_000_000_000 });
  });

  it('reads the instance name', () => {
    const { kafka } = readSettings({ VIGILANT_KAFKA_INSTANCE: 'server-1' });
    expect(kafka.instanceId).toBe('server-1');
  });

  it('reads the password and the certificates of MySQL from files', () => {
    const folder = mkdtempSync(join(tmpdir(), 'vigilant-settings-'));
    onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
    const write = (name: string, text: string): string => {
      writeFileSync(join(folder, name), text);
      return join(folder, name);
    };
    const environment = {
      VIGILANT_MYSQL_URL: 'mysql://app@db/events',
      VIGILANT_MYSQL_PASSWORD_FILE: write('password', ' secret\n'),
      VIGILANT_MYSQL_TLS_CA_FILE: write('ca.pem', PEM),
      VIGILANT_MYSQL_TLS: 'verify-ca',
    };
    expect(readSettings(environment).mysql).toEqual({
      url: 'mysql://app@db/events',
      password: ' secret',
      tls: { ca: PEM, verifyIdentity: false },
    });
  });

  it.each<[string, object | undefined]>([
    ['', undefined],
    ['disabled', undefined],
    ['required', { rejectUnauthorized: false }],
    ['verify-ca', { verifyIdentity: false }],
    ['verify-identity', {}],
  ])('reads VIGILANT_MYSQL_TLS=%s', (mode, tls) => {
    expect(readSettings({ VIGILANT_MYSQL_TLS: mode }).mysql.tls).toEqual(tls);
  });

  it.each([
    [{ VIGILANT_GRPC_PORT: '70000' }, /VIGILANT_GRPC_PORT must be an integer from 0 to 65535, not "70000"/],
    [{ VIGILANT_HTTP_PORT: '-1' }, /VIGILANT_HTTP_PORT must be an integer from 0 to 65535, not "-1"/],
    [{ VIGILANT_HTTP_HOST: '10.0.0.1' }, /VIGILANT_HTTP_HOST must be localhost .*, not "10\.0\.0\.1"/],
    [{ VIGILANT_INTERVAL_MS: '1s' }, /VIGILANT_INTERVAL_MS/],
    [
      { VIGILANT_RETENTION_MAX_BYTES: '10GB' },
      /VIGILANT_RETENTION_MAX_BYTES must be an integer from 1048576 to \d+, not "10GB"/,
    ],
    [
      { VIGILANT_MYSQL_TLS: 'true' },
      /VIGILANT_MYSQL_TLS must be one of disabled, required, verify-ca, verify-identity, not "true"/,
    ],
    [
      { VIGILANT_MYSQL_TLS: 'disabled', VIGILANT_MYSQL_TLS_CA_FILE: fileURLToPath(import.meta.url) },
      /VIGILANT_MYSQL_TLS is disabled, but a file of certificates is set/,
    ],
    [
      { VIGILANT_MYSQL_PASSWORD_FILE: '/nowhere/password' },
      /VIGILANT_MYSQL_PASSWORD_FILE names a file that cannot be read: ENOENT/,
    ],
    [{ VIGILANT_STORE: 'mongo' }, /VIGILANT_STORE must be one of sqlite, memory, mysql, not "mongo"/],
    [
      { VIGILANT_GRPC_HOST: '0.0.0.0' },
      /VIGILANT_GRPC_HOST must be localhost .*, not "0\.0\.0\.0": there is no/,
    ],
    [{ VIGILANT_GRPC_HOST: '127.0.0.999' }, /VIGILANT_GRPC_HOST must be localhost .*, not "127\.0\.0\.999"/],
    [
      { VIGILANT_KAFKA_BROKERS: ' , ' },
      /VIGILANT_KAFKA_BROKERS must be a comma-separated list of host:port, not " , "/,
    ],
    [{ VIGILANT_GRPC_PROT: '1' }, /^VIGILANT_GRPC_PROT is not a .* Did you mean "VIGILANT_GRPC_PORT"\?$/],
    [{ VIGILANT_KAFKA_BROKER: 'a:1' }, /Did you mean "VIGILANT_KAFKA_BROKERS"\?/],
    [
      { VIGILANT_KAFKA_SERVERS: 'a:1' },
      /is not a variable of this server\. Valid variables: .*KAFKA_BROKERS/,
    ],
    [{ vigilant_grpc_port: '1' }, /^vigilant_grpc_port is not a .* Did you mean "VIGILANT_GRPC_PORT"\?$/],
    [{ VIGILANT_PORT: '8080' }, /^VIGILANT_PORT is not a variable of this server/],
  ])('rejects %o and names the variable', (environment, message) => {
    expect(() => readSettings(environment)).toThrow(message);
  });

  it('documents every variable', () => {
    const text = readFileSync(join(ROOT, 'docs/configuration.md'), 'utf8');
    const documented = [...text.matchAll(/^\| `(VIGILANT_\w+)`/gm)].map(([, name]) => name);
    expect(documented.sort()).toEqual([...VARIABLES].sort());
  });

  it('reads an IPv6 address in brackets', () => {
    const { grpc, http } = readSettings({ VIGILANT_GRPC_HOST: '[::1]', VIGILANT_HTTP_HOST: '::1' });
    expect([grpc.host, http.host]).toEqual(['::1', '::1']);
  });

  it('accepts variables of other programs with the same prefix', () => {
    const others = {
      VIGILANT_TEST_KAFKA: '127.0.0.1:9092',
      VIGILANT_TEST_STARTABLE: 'kafka',
      VIGILANT_REQUIRE_SERVICES: '1',
      VIGILANT_LONG: '1',
      VIGILANT_BROWSER: '/usr/bin/chromium',
    };
    expect(readSettings(others)).toEqual(readSettings({}));
  });

  it('accepts variables in lower case that differ from its own', () => {
    expect(readSettings({ vigilant_home: '/srv' })).toEqual(readSettings({}));
  });

  it('accepts the variables of Kubernetes for services called vigilant and vigilant-db', () => {
    const others = {
      VIGILANT_SERVICE_HOST: '10.0.0.1',
      VIGILANT_SERVICE_PORT_GRPC: '50051',
      VIGILANT_PORT: 'tcp://10.0.0.1:50051',
      VIGILANT_PORT_50051_TCP: 'tcp://10.0.0.1:50051',
      VIGILANT_PORT_50051_TCP_PROTO: 'tcp',
      VIGILANT_DB_SERVICE_PORT: '3306',
      VIGILANT_DB_PORT: 'tcp://10.0.0.2:3306',
      VIGILANT_DB_PORT_3306_TCP_ADDR: '10.0.0.2',
    };
    expect(readSettings(others)).toEqual(readSettings({}));
  });
});

describe('unusedVariables', () => {
  it.each([
    [{}, []],
    [{ VIGILANT_KAFKA_TOPIC: 'a', VIGILANT_MYSQL_URL: 'b' }, ['VIGILANT_KAFKA_TOPIC', 'VIGILANT_MYSQL_URL']],
    [
      { VIGILANT_BROKER: 'kafka', VIGILANT_KAFKA_TOPIC: 'a', VIGILANT_MYSQL_URL: 'b' },
      ['VIGILANT_MYSQL_URL'],
    ],
    [
      { VIGILANT_STORE: 'mysql', VIGILANT_KAFKA_TOPIC: 'a', VIGILANT_MYSQL_URL: 'b' },
      ['VIGILANT_KAFKA_TOPIC'],
    ],
    [{ VIGILANT_KAFKA_TOPIC: '' }, []],
  ])('returns the variables of %j whose adapter is not selected', (environment, unused) => {
    expect([...unusedVariables(environment, readSettings(environment))].sort()).toEqual(unused);
  });
});
