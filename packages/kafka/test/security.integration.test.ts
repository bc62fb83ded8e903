import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { describeWithOwnServices } from '../../../scripts/services/in-tests.mjs';
import { startKafka } from '../../../scripts/services/kafka.mjs';
import { createEngine, messagesOf } from './support/engine';
import { createTopicName } from './support/kafka';

const MODULE = 'org.apache.kafka.common.security';
const USER = 'username="app" password="right"';

describeWithOwnServices(['kafka'], 'createKafkaBroker with credentials', () => {
  let folder: string;
  let kafka: Awaited<ReturnType<typeof startKafka>> | undefined;

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'vigilant-tls-'));
    const openssl = (command: string): void =>
      void execFileSync('openssl', command.split(' '), { cwd: folder, stdio: 'ignore' });
    openssl(
      'req -x509 -newkey rsa:2048 -nodes -keyout key.pem -out cert.pem -days 2 -subj /CN=localhost -addext subjectAltName=DNS:localhost,IP:127.0.0.1',
    );
    openssl('pkcs12 -export -in cert.pem -inkey key.pem -out keys.p12 -passout pass:secret');
    kafka = await startKafka({
      listeners: [
        { name: 'SECURE', protocol: 'SASL_SSL' },
        { name: 'SCRAM', protocol: 'SASL_PLAINTEXT' },
      ],
      scramUsers: { app: 'right' },
      settings: {
        'ssl.keystore.location': join(folder, 'keys.p12'),
        'ssl.keystore.password': 'secret',
        'ssl.keystore.type': 'PKCS12',
        'listener.name.secure.sasl.enabled.mechanisms': 'PLAIN',
        'listener.name.scram.sasl.enabled.mechanisms': 'SCRAM-SHA-256',
        'listener.name.secure.plain.sasl.jaas.config': `${MODULE}.plain.PlainLoginModule required ${USER} user_app="right";`,
        'listener.name.scram.scram-sha-256.sasl.jaas.config': `${MODULE}.scram.ScramLoginModule required;`,
      },
    });
  }, 120_000);
  afterAll(async () => {
    await kafka?.dispose();
    rmSync(folder, { recursive: true, force: true });
  });

  const secure = (password: string) => ({
    brokers: [kafka?.addresses['SECURE'] ?? ''],
    topic: createTopicName(),
    tls: { ca: readFileSync(join(folder, 'cert.pem')) },
    sasl: { mechanism: 'plain', username: 'app', password } as const,
  });

  it('connects with TLS and a password', async () => {
    const { vigilant } = createEngine(secure('right'));
    await vigilant.log({ message: 'secret' });
    expect(await messagesOf(vigilant)).toEqual(['secret']);
  }, 60_000);

  it('connects with SCRAM', async () => {
    const { vigilant } = createEngine({
      brokers: [kafka?.addresses['SCRAM'] ?? ''],
      topic: createTopicName(),
      sasl: { mechanism: 'scram-sha-256', username: 'app', password: 'right' },
    });
    await vigilant.log({ message: 'salted' });
    expect(await messagesOf(vigilant)).toEqual(['salted']);
  }, 60_000);

  it('rejects a wrong password at open, without showing it', async () => {
    const { vigilant } = createEngine(secure('wr0ng'));
    const error = await vigilant.open().catch((reason: unknown) => reason as Error);
    expect(error?.message).toMatch(/user name and the password|Authentication failed/);
    expect(error?.message).not.toContain('wr0ng');
  }, 60_000);
});
