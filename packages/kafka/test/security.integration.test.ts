import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { describeWithOwnServices } from '../../../scripts/services/in-tests.mjs';
import type { KafkaSasl } from '../src/index';
import { createEngine, eventually, messagesOf } from './support/engine';
import { createTopicName } from './support/kafka';
import type { SecureKafka } from './support/secure-kafka';
import { SESSION_MS, createToken, startSecureKafka } from './support/secure-kafka';

const TOKEN_MS = 600_000;

describeWithOwnServices(['kafka'], 'createKafkaBroker with credentials', () => {
  let kafka: SecureKafka | undefined;
  beforeAll(async () => {
    kafka = await startSecureKafka();
  });
  afterAll(() => kafka?.dispose());

  const createSecureEngine = (sasl: KafkaSasl) =>
    createEngine({
      brokers: [kafka?.addresses.TLS ?? ''],
      topic: createTopicName(),
      tls: { ca: readFileSync(kafka?.caFile ?? '') },
      sasl,
    });

  it.each<[string, KafkaSasl]>([
    ['a password', { mechanism: 'plain', username: 'app', password: 'right' }],
    ['SCRAM', { mechanism: 'scram-sha-256', username: 'app', password: 'right' }],
    ['a token', { mechanism: 'oauthbearer', token: async () => ({ value: createToken(TOKEN_MS) }) }],
  ])(
    'connects over TLS with %s',
    async (_, sasl) => {
      const { vigilant } = createSecureEngine(sasl);
      await vigilant.log({ message: 'secret' });
      expect(await messagesOf(vigilant)).toEqual(['secret']);
    },
    60_000,
  );

  it('rejects a wrong password at open, without showing it', async () => {
    const { vigilant } = createSecureEngine({ mechanism: 'plain', username: 'app', password: 'wr0ng' });
    const error = await vigilant.open().catch((reason: unknown) => reason as Error);
    expect(error?.message).toMatch(/user name and the password|Authentication failed/);
    expect(error?.message).not.toContain('wr0ng');
  }, 60_000);

  it('asks the function again after Kafka has rejected a token', async () => {
    let calls = 0;
    const { vigilant, diagnostics } = createSecureEngine({
      mechanism: 'oauthbearer',
      token() {
        calls += 1;
        return { value: createToken(calls > 2 ? TOKEN_MS : -TOKEN_MS) };
      },
    });
    await vigilant.log({ message: 'now' });
    expect(await messagesOf(vigilant)).toEqual(['now']);
    expect(diagnostics.filter(({ message }) => message.includes('ILLEGAL_SASL_STATE'))).toEqual([]);
  }, 60_000);

  it('authenticates again before Kafka ends a session, with the current credentials', async () => {
    let calls = 0;
    const { vigilant, diagnostics } = createEngine({
      brokers: [kafka?.addresses.SHORT ?? ''],
      topic: createTopicName(),
      sasl: {
        mechanism: 'scram-sha-256',
        credentials() {
          calls += 1;
          return { username: 'app', password: 'right' };
        },
      },
    });
    await vigilant.open();
    const opened = calls;
    const end = performance.now() + 2 * SESSION_MS;
    while (performance.now() < end) await vigilant.log({ message: 'again' });
    await eventually('another authentication', 10_000, async () => calls > 2 * opened);
    expect((await vigilant.flush()).complete).toBe(true);
    expect(diagnostics.filter(({ message }) => /SASL|Authenticat/i.test(message))).toEqual([]);
  }, 60_000);
});
