import { resolve } from 'node:path';
import { expect, it } from 'vitest';
import { readSettings } from '../src/settings';

it('has defaults for everything', () => {
  expect(readSettings({})).toEqual({
    folder: resolve('data'),
    host: '127.0.0.1',
    port: 50_051,
    intervalMs: 30_000,
    broker: 'sqlite',
    store: 'sqlite',
    mysqlUrl: 'mysql://root@127.0.0.1:3306/vigilant',
    kafka: { brokers: ['127.0.0.1:9092'], topic: 'vigilant', groupId: 'vigilant' },
  });
});

it('takes the cluster, and shares a group among the servers of a topic', () => {
  const { broker, kafka } = readSettings({
    VIGILANT_BROKER: 'kafka',
    VIGILANT_KAFKA_BROKERS: 'a:1, b:2',
    VIGILANT_KAFKA_TOPIC: 'shop',
  });
  expect({ broker, ...kafka }).toEqual({
    broker: 'kafka',
    brokers: ['a:1', 'b:2'],
    topic: 'shop',
    groupId: 'shop',
  });
});

it('reads the instance name', () => {
  const { kafka } = readSettings({ VIGILANT_KAFKA_INSTANCE: 'server-1' });
  expect(kafka.instanceId).toBe('server-1');
});

it.each([
  [{ VIGILANT_GRPC_PORT: '70000' }, /VIGILANT_GRPC_PORT must be an integer from 0 to 65535, not "70000"/],
  [{ VIGILANT_INTERVAL_MS: '1s' }, /VIGILANT_INTERVAL_MS/],
  [{ VIGILANT_STORE: 'mongo' }, /VIGILANT_STORE must be one of sqlite, memory, mysql, not "mongo"/],
])('names the variable that makes no sense: %o', (environment, message) => {
  expect(() => readSettings(environment)).toThrow(message);
});
