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
  }, 60_000);
  afterAll(() => kafka?.dispose());

  const engineOf = (topic: string) =>
    createEngine({
      brokers: [kafka?.addresses['SCRAM'] ?? ''],
      topic,
      sasl: { mechanism: 'scram-sha-256', username: 'app', password: 'right' },
    }).vigilant;

  /** Grants the documented rights to the user. */
  const allow = async (topic: string): Promise<void> => {
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
        ...[READ, WRITE, DESCRIBE, DESCRIBE_CONFIGS].map((operation) => ({
          ...base,
          operation,
          resourceType: TOPIC,
          resourceName: topic,
        })),
        { ...base, operation: READ, resourceType: GROUP, resourceName: topic },
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
    const vigilant = engineOf(topic);
    await vigilant.log({ message: 'allowed' });
    expect(await messagesOf(vigilant)).toEqual(['allowed']);
    expect((await vigilant.status()).state).toBe('ready');
  }, 60_000);

  it('rejects a user without rights, and names the missing ones', async () => {
    await expect(engineOf(createTopicName()).open()).rejects.toMatchObject({
      message: expect.stringMatching(/Allow this user/) as string,
    });
  }, 60_000);
});
