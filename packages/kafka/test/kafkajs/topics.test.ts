import type { Admin } from 'kafkajs';
import { describe, expect, it } from 'vitest';
import { createTopic, describeTopic } from '../../src/kafkajs/topics';

const PROPERTIES = {
  partitions: 1,
  replicationFactor: undefined,
  settings: { 'retention.ms': '1000' },
  preferredSettings: (replicas: number) => ({ 'min.insync.replicas': String(replicas - 1) }),
};

const failure = (type: string): Error => Object.assign(new Error(type), { type });

/** Creates an admin of three nodes that rejects topics with one of these settings. */
function createAdmin(rejected: readonly string[], type = 'INVALID_CONFIG') {
  const created: Record<string, string>[] = [];
  const admin = {
    listTopics: async () => [],
    describeCluster: async () => ({ brokers: [1, 2, 3] }),
    async createTopics({ topics }: Parameters<Admin['createTopics']>[0]) {
      const entries = topics[0]?.configEntries ?? [];
      if (entries.some(({ name }) => rejected.includes(name)))
        throw Object.assign(new Error('aggregate'), { errors: [failure(type)] });
      created.push(Object.fromEntries(entries.map(({ name, value }) => [name, value])));
      return true;
    },
  } as unknown as Admin;
  return { admin, created };
}

describe('createTopic', () => {
  it('adds the preferred settings for the number of replicas', async () => {
    const { admin, created } = createAdmin([]);
    expect(await createTopic(admin, 'shop', PROPERTIES)).toBe(true);
    expect(created).toEqual([{ 'min.insync.replicas': '2', 'retention.ms': '1000' }]);
  });

  it.each(['INVALID_CONFIG', 'POLICY_VIOLATION'])(
    'leaves out the preferred settings if the cluster answers %s',
    async (type) => {
      const { admin, created } = createAdmin(['min.insync.replicas'], type);
      expect(await createTopic(admin, 'shop', PROPERTIES)).toBe(true);
      expect(created).toEqual([{ 'retention.ms': '1000' }]);
    },
  );

  it('rejects if the cluster rejects the settings of the caller', async () => {
    const { admin } = createAdmin(['retention.ms']);
    await expect(createTopic(admin, 'shop', PROPERTIES)).rejects.toThrow('aggregate');
  });

  it('prefers the settings of the caller', async () => {
    const { admin, created } = createAdmin([]);
    await createTopic(admin, 'shop', { ...PROPERTIES, settings: { 'min.insync.replicas': '1' } });
    expect(created).toEqual([{ 'min.insync.replicas': '1' }]);
  });
});

describe('describeTopic', () => {
  const adminOf = (error: Error): Admin =>
    ({
      fetchTopicMetadata: async () => ({
        topics: [{ partitions: [{ replicas: [1, 2] }, { replicas: [1] }] }],
      }),
      describeConfigs: () => Promise.reject(error),
    }) as unknown as Admin;

  it('has no settings if this user may not read them', async () => {
    const admin = adminOf(failure('TOPIC_AUTHORIZATION_FAILED'));
    expect(await describeTopic(admin, 'shop')).toEqual({ replicationFactor: 1, settings: undefined });
  });

  it('rejects for any other reason', async () => {
    await expect(describeTopic(adminOf(failure('REQUEST_TIMED_OUT')), 'shop')).rejects.toThrow('REQUEST');
  });
});
