import { describe, expect, it } from 'vitest';
import type { KafkaBrokerOptions } from '../src/index';
import { createKafkaBroker } from '../src/index';

const brokers = ['127.0.0.1:9092'];

describe('the options of a Kafka broker', () => {
  it.each<[string, unknown, RegExp]>([
    ['nothing', undefined, /options must be an object/],
    ['a topic that is no text', { brokers, topic: 5 }, /topic must be a name .*, not 5/],
    ['TLS that is no switch', { brokers, tls: 'yes' }, /tls must be an object, not yes/],
    ['no credentials', { brokers, sasl: null }, /sasl must be an object/],
    [
      'settings that are no object',
      { brokers, createTopic: { settings: 'a' } },
      /createTopic.settings must be an object/,
    ],
    [
      'a setting that is no text',
      { brokers, createTopic: { settings: { 'retention.ms': 5 } } },
      /retention\.ms must be text, not 5/,
    ],
    ['an address with brackets', { brokers: ['[::1]:9092'] }, /brokers\[0\] must be host:port/],
    ['several addresses in one', { brokers: ['a:1,b:2'] }, /brokers\[0\] must be host:port/],
    [
      'a key that is an object',
      { brokers, key: Object.create(null) as unknown },
      /key must be one of .*, not an object/,
    ],
    ['an empty name of the instance', { brokers, instanceId: '' }, /instanceId must be a text of 1 to 249/],
    ['an unknown option', { brokers, topics: [] }, /topics is no option/],
  ])('refuse %s', (_, options, message) => {
    expect(() => createKafkaBroker(options as KafkaBrokerOptions)).toThrow(
      expect.objectContaining({
        code: 'VIGILANT_OPTIONS_INVALID',
        message: expect.stringMatching(message) as string,
      }) as Error,
    );
  });

  it('show no password of an address', () => {
    expect(() => createKafkaBroker({ brokers: ['user:secret@host:9092'] })).toThrow(/not \(hidden\)/);
  });
});
