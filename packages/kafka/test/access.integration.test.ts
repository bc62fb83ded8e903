import kafkajs from 'kafkajs';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { describeWithOwnServices } from '../../../scripts/services/in-tests.mjs';
import { startKafka } from '../../../scripts/services/kafka.mjs';
import { createEngine, messagesOf } from './support/engine';
import { createTopicName } from './support/kafka';

const { AclOperationTypes, AclPermissionTypes, AclResourceTypes, ResourcePatternTypes } = kafkajs;

describeWithOwnServices(['kafka'], 'createKafkaBroker with access lists', () => {
  let kafka: Awaited<ReturnType<typeof startKafka>> | undefined;
  beforeAll(async () => {
    kafka = await startKafka({
      listeners: [{ name: 'SCRAM', protocol: 'SASL_PLAINTEXT' }],
      scramUsers: { app: 'right' },
      settings: {
        'authorizer.class.name': 'org.apache.kafka.metadata.authorizer.StandardAuthorizer',
        'super.users': 'User:ANONYMOUS',
        'listener.name.scram.sasl.enabled.mechanisms': 'SCRAM-SHA-256',
        'listener.name.scram.scram-sha-256.sasl.jaas.config':
          'org.apache.kafka.common.security.scram.ScramLoginModule required;',
      },
    });
  });
  afterAll(() => kafka?.dispose());

  const engineOf = (topic: string) =>
    createEngine({
      brokers: [kafka?.addresses['SCRAM'] ?? ''],
      topic,
      sasl: { mechanism: 'scram-sha-256', username: 'app', password: 'right' },
    });

  /** Grants the documented rights to the user, without some of those on the topics. */
  const allow = async (topic: string, without: readonly number[] = []): Promise<void> => {
    const admin = new kafkajs.Kafka({
      brokers: [kafka?.address ?? ''],
      logLevel: kafkajs.logLevel.NOTHING,
    }).admin();
    await admin.connect();
    const base = {
      principal: 'User:app',
      host: '*',
      permissionType: AclPermissionTypes.ALLOW,
      resourcePatternType: ResourcePatternTypes.PREFIXED,
    };
    const { READ, WRITE, DESCRIBE, DESCRIBE_CONFIGS, CREATE } = AclOperationTypes;
    const { TOPIC, GROUP, CLUSTER } = AclResourceTypes;
    await admin.createAcls({
      acl: [
        ...[READ, WRITE, DESCRIBE, DESCRIBE_CONFIGS]
          .filter((operation) => !without.includes(operation))
          .map((operation) => ({ ...base, operation, resourceType: TOPIC, resourceName: topic })),
        {
          ...base,
          operation: READ,
          resourceType: GROUP,
          resourceName: topic,
          resourcePatternType: ResourcePatternTypes.LITERAL,
        },
        {
          ...base,
          operation: CREATE,
          resourceType: CLUSTER,
          resourceName: 'kafka-cluster',
          resourcePatternType: ResourcePatternTypes.LITERAL,
        },
      ],
    });
    await admin.disconnect();
  };

  it('works for a user with only the documented rights', async () => {
    const topic = createTopicName();
    await allow(topic);
    const { vigilant } = engineOf(topic);
    await vigilant.log({ message: 'allowed' });
    expect(await messagesOf(vigilant)).toEqual(['allowed']);
    expect((await vigilant.status()).state).toBe('ready');
  }, 60_000);

  it('reports the lowest durability, with a warning, to a user without DescribeConfigs', async () => {
    const topic = createTopicName();
    await allow(topic, [AclOperationTypes.DESCRIBE_CONFIGS]);
    const { vigilant, diagnostics } = engineOf(topic);
    await vigilant.log({ message: 'allowed' });
    expect(await messagesOf(vigilant)).toEqual(['allowed']);
    expect((await vigilant.status()).broker.durability).toBe('unsynced');
    expect(diagnostics.map(({ code }) => code)).toContain('topic-not-described');
  }, 60_000);

  it('rejects a user without rights, and names the missing ones', async () => {
    await expect(engineOf(createTopicName()).vigilant.open()).rejects.toMatchObject({
      message: expect.stringMatching(/Allow this user/) as string,
    });
  }, 60_000);
});
