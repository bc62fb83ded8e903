import { describe, expect, it } from 'vitest';
import type { KafkaBrokerOptions } from '../../src/index';
import { createKafkaBroker } from '../../src/index';

const brokers = ['127.0.0.1:9092'];
const sasl = { mechanism: 'plain', username: 'app', password: 'secret' };

describe('createKafkaBroker', () => {
  it.each<[string, unknown, RegExp]>([
    ['missing options', undefined, /options of createKafkaBroker\(\) must be an object, not undefined/],
    ['null as options', null, /options of createKafkaBroker\(\) must be an object, not null/],
    ['options that are a string', 'x', /options of createKafkaBroker\(\) must be an object, not "x"/],
    ['missing brokers', {}, /brokers must be .*host:port.*, not undefined/],
    ['brokers that are a string', { brokers: 'x' }, /brokers must be .*host:port.*, not "x"/],
    ['an empty list of brokers', { brokers: [] }, /brokers must be .*host:port/],
    ['an address that is a number', { brokers: [5] }, /brokers\[0\] must be host:port, not 5/],
    ['an address with brackets', { brokers: ['[::1]:9092'] }, /brokers\[0\] must be host:port/],
    ['several addresses in one string', { brokers: ['a:1,b:2'] }, /brokers\[0\] must be host:port/],
    ['a topic that is a number', { brokers, topic: 5 }, /topic must be a name .*, not 5/],
    ['null as topic', { brokers, topic: null }, /topic must be a name .*, not null/],
    [
      'a controlTopic with a space',
      { brokers, controlTopic: 'a b' },
      /controlTopic must be a name .*, not "a b"/,
    ],
    [
      'a topic that Kafka reserves',
      { brokers, topic: '__events' },
      /topic must be a name .*, not "__events"/,
    ],
    [
      'a controlTopic that Kafka reserves',
      { brokers, controlTopic: '__control' },
      /controlTopic must be a name .* that does not start with "__", not "__control"/,
    ],
    [
      'a controlTopic that is the topic',
      { brokers, topic: 'shop', controlTopic: 'shop' },
      /controlTopic must be another topic than the option topic, not "shop"/,
    ],
    ['a groupId that is an object', { brokers, groupId: {} }, /groupId must be .*, not an object/],
    ...['groupId', 'instanceId', 'clientId'].map((name): [string, unknown, RegExp] => [
      `a line break in ${name}`,
      { brokers, [name]: 'a\nb' },
      new RegExp(`${name} must be a string without control characters`),
    ]),
    ['an empty instanceId', { brokers, instanceId: '' }, /instanceId must be a string of 1 to 249/],
    ['null as clientId', { brokers, clientId: null }, /clientId must be a string.*, not null/],
    ['null as key', { brokers, key: null }, /key must be one of id, .*, not null/],
    [
      'a key that is an object',
      { brokers, key: Object.create(null) as unknown },
      /key must be .*, not an object/,
    ],
    [
      'a compression that Kafka lacks',
      { brokers, compression: 'zip' },
      /compression must be one of .*, not "zip"/,
    ],
    ['TLS that is a string', { brokers, tls: 'yes' }, /tls must be .*, not "yes"/],
    ['null as TLS', { brokers, tls: null }, /tls must be .*, not null/],
    [
      'a certificate that is a number',
      { brokers, tls: { ca: 5 } },
      /tls\.ca must be a string or a Buffer with PEM\. Its value is not shown/,
    ],
    ['a private key that is a number', { brokers, tls: { key: 5 } }, /tls\.key must be a string or a Buffer/],
    [
      'a certificate without its key',
      { brokers, tls: { cert: '-----BEGIN CERTIFICATE-----' } },
      /tls\.key must be set together with tls\.cert\./,
    ],
    [
      'a damaged certificate',
      { brokers, tls: { cert: '-----BEGIN CERTIFICATE-----', key: '-----BEGIN PRIVATE KEY-----' } },
      /tls\.key must be the unencrypted private key of tls\.cert \(/,
    ],
    [
      'a servername that is a number',
      { brokers, tls: { servername: 5 } },
      /tls\.servername must be .*, not 5/,
    ],
    ['null as credentials', { brokers, sasl: null }, /sasl must be an object, not null/],
    ['credentials that are a number', { brokers, sasl: 5 }, /sasl must be an object, not 5/],
    [
      'a mechanism that is missing',
      { brokers, sasl: { ...sasl, mechanism: undefined } },
      /sasl\.mechanism must be/,
    ],
    [
      'a username that is missing',
      { brokers, sasl: { ...sasl, username: undefined } },
      /sasl\.username must be/,
    ],
    [
      'a token that is not a function',
      { brokers, sasl: { mechanism: 'oauthbearer', token: {} } },
      /sasl\.token must be a function\. Its value is not shown/,
    ],
    [
      'a password for a token mechanism',
      { brokers, sasl: { ...sasl, mechanism: 'oauthbearer' } },
      /Unknown option "username" of sasl with oauthbearer\. Valid options: mechanism, token/,
    ],
    [
      'a password besides a function',
      { brokers, sasl: { ...sasl, credentials: () => sasl } },
      /Unknown option "username" of sasl with credentials\. Valid options: mechanism, credentials/,
    ],
    [
      'a token for a password mechanism',
      { brokers, sasl: { ...sasl, token: () => 'x' } },
      /Unknown option "token" of sasl with plain\. /,
    ],
    ['null as createTopic', { brokers, createTopic: null }, /createTopic must be an object, not null/],
    ['createTopic that is true', { brokers, createTopic: true }, /createTopic must be an object, not true/],
    [
      'null as partitions',
      { brokers, createTopic: { partitions: null } },
      /createTopic\.partitions must be an integer/,
    ],
    [
      'settings that are a string',
      { brokers, createTopic: { settings: 'a' } },
      /createTopic\.settings must be an object/,
    ],
    [
      'a setting that is a number',
      { brokers, createTopic: { settings: { 'retention.ms': 5 } } },
      /retention\.ms must be a string, not 5/,
    ],
    [
      'null as a number',
      { brokers, publishTimeoutMs: null },
      /publishTimeoutMs must be an integer from 100 to 600000, not null/,
    ],
    [
      'a number that is a string',
      { brokers, maxRequestBytes: '1' },
      /maxRequestBytes must be an integer .*, not "1"/,
    ],
    ['an unknown option', { brokers, topics: [] }, /Unknown option "topics" of createKafkaBroker\(\)\. /],
    ['an unknown option of TLS', { brokers, tls: { cacert: '' } }, /Unknown option "cacert" of tls\. /],
    [
      'an unknown option of the topic',
      { brokers, createTopic: { replicas: 3 } },
      /Unknown option "replicas" of createTopic\. /,
    ],
  ])('rejects %s', (_, options, message) => {
    expect(() => createKafkaBroker(options as KafkaBrokerOptions)).toThrow(
      expect.objectContaining({
        code: 'VIGILANT_OPTIONS_INVALID',
        message: expect.stringMatching(message) as string,
      }) as Error,
    );
  });

  it.each([
    ['an address', { brokers: ['user:secret@host:9092'] }],
    ['the credentials', { brokers, sasl: { ...sasl, password: ['secret'] } }],
    ['the token', { brokers, sasl: { mechanism: 'oauthbearer', token: 'secret' } }],
    ['the private key', { brokers, tls: { key: ['secret'] } }],
  ])('does not show a secret of %s in the error', (_, options) => {
    const create = (): unknown => createKafkaBroker(options as unknown as KafkaBrokerOptions);
    expect(create).toThrow(/must be/);
    expect(create).not.toThrow(/secret/);
  });

  it('accepts every option', () => {
    const options: KafkaBrokerOptions = {
      brokers,
      topic: 'events',
      controlTopic: 'coordination',
      groupId: 'servers',
      instanceId: 'server-1',
      clientId: 'shop',
      key: 'source',
      compression: 'gzip',
      tls: { ca: Buffer.from('-----BEGIN CERTIFICATE-----'), servername: 'kafka' },
      sasl: { mechanism: 'scram-sha-512', username: 'app', password: '' },
      createTopic: { partitions: 1, replicationFactor: 1, settings: { 'retention.ms': '1000' } },
      publishTimeoutMs: 100,
      maxPendingBytes: 1024 * 1024,
      maxRequestBytes: 16_384,
      sessionTimeoutMs: 6_000,
      maxDecompressedBytes: 1024 * 1024,
    };
    expect(createKafkaBroker(options).status().state).toBe('closed');
  });
});

describe('open() of the Kafka broker', () => {
  it.each([
    ['no context', undefined, 'The context of open() must be an object, not undefined.'],
    ['an empty context', {}, 'context.clock must be a Clock, not undefined.'],
  ])('rejects %s', async (_, context, message) => {
    const broker = createKafkaBroker({ brokers });
    await expect(broker.open(context as never)).rejects.toMatchObject({
      code: 'VIGILANT_OPTIONS_INVALID',
      message,
    });
    await broker.close();
  });
});
