import { createGrpcClient } from '@vigilant/grpc';
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it, onTestFinished } from 'vitest';
import { describeWithOwnServices } from '../../../scripts/services/in-tests.mjs';
import type { SecureKafka } from '../../../packages/kafka/test/support/secure-kafka';
import { createToken, startSecureKafka } from '../../../packages/kafka/test/support/secure-kafka';
import { createTopicName } from '../../../packages/kafka/test/support/kafka';
import { bundleServer, startServer, temporaryFolder } from './server';
import { startTokenEndpoint } from './support/token-endpoint';

const LIFETIME_S = 600;

describeWithOwnServices(['kafka'], 'the standalone server on Kafka with TLS and SASL', () => {
  let bundle: string;
  let kafka: SecureKafka | undefined;
  beforeAll(async () => {
    [bundle, kafka] = await Promise.all([bundleServer(), startSecureKafka()]);
  }, 120_000);
  afterAll(async () => {
    rmSync(bundle, { force: true });
    await kafka?.dispose();
  });

  /** Starts a server with these variables. Expects that it stores an event. */
  const expectStored = async (environment: Readonly<Record<string, string>>): Promise<void> => {
    const server = await startServer(bundle, {
      VIGILANT_BROKER: 'kafka',
      VIGILANT_STORE: 'memory',
      VIGILANT_KAFKA_BROKERS: kafka?.addresses.TLS ?? '',
      VIGILANT_KAFKA_TOPIC: createTopicName(),
      VIGILANT_KAFKA_TLS_CA_FILE: kafka?.caFile ?? '',
      ...environment,
    });
    onTestFinished(async () => void (await server.stop('SIGKILL')));
    const client = createGrpcClient({ address: server.address });
    onTestFinished(async () => void (await client.close()));
    await client.log({ message: 'encrypted' });
    const find = async (): Promise<readonly string[]> =>
      (await client.query('encrypted')).events.map(({ message }) => message);
    await expect.poll(find, { timeout: 30_000 }).toEqual(['encrypted']);
    expect(server.output()).not.toContain('right');
  };

  /** Writes a file that is deleted when the test ends. Returns its path. */
  const write = (text: string): string => {
    const path = join(temporaryFolder(onTestFinished), 'secret');
    writeFileSync(path, text);
    return path;
  };

  it('authenticates with a password', async () => {
    await expectStored({
      VIGILANT_KAFKA_SASL_MECHANISM: 'plain',
      VIGILANT_KAFKA_SASL_USERNAME: 'app',
      VIGILANT_KAFKA_SASL_PASSWORD: 'right',
    });
  }, 60_000);

  it('does not start with a wrong password, which it does not show', async () => {
    const starting = expectStored({
      VIGILANT_KAFKA_SASL_MECHANISM: 'plain',
      VIGILANT_KAFKA_SASL_USERNAME: 'app',
      VIGILANT_KAFKA_SASL_PASSWORD: 'wr0ng',
    });
    const error = await starting.catch((reason: unknown) => String(reason));
    expect(error).toMatch(/VIGILANT_KAFKA_SASL_PASSWORD: Connecting to Kafka .*authentication failed/i);
    expect(error).not.toContain('wr0ng');
  }, 60_000);

  it('authenticates with SCRAM and a password file', async () => {
    await expectStored({
      VIGILANT_KAFKA_SASL_MECHANISM: 'scram-sha-256',
      VIGILANT_KAFKA_SASL_USERNAME: 'app',
      VIGILANT_KAFKA_SASL_PASSWORD_FILE: write('right\n'),
      VIGILANT_KAFKA_COMPRESSION: 'gzip',
    });
  }, 60_000);

  it('authenticates with a token of an endpoint', async () => {
    const endpoint = await startTokenEndpoint(() => ({
      access_token: createToken(LIFETIME_S * 1_000),
      expires_in: LIFETIME_S,
    }));
    await expectStored({
      VIGILANT_KAFKA_SASL_MECHANISM: 'oauthbearer',
      VIGILANT_KAFKA_OAUTH_TOKEN_URL: endpoint.url,
      VIGILANT_KAFKA_OAUTH_CLIENT_ID: 'app',
      VIGILANT_KAFKA_OAUTH_CLIENT_SECRET_FILE: write('right\n'),
    });
    expect(endpoint.requests).toHaveLength(1);
  }, 60_000);
});
