import type { Diagnostic } from '@vigilant/core';
import { describe, expect, it } from 'vitest';
import { checkTopic } from '../../src/broker/topic-facts';
import { resolveKafkaOptions } from '../../src/contracts/kafka-options';

type Settings = Readonly<Record<string, string>>;

const options = resolveKafkaOptions({ brokers: ['127.0.0.1:9092'] });

/** Checks a topic, and returns its properties and the codes of the reported diagnostics. */
function check(replicationFactor: number, settings: Settings | undefined) {
  const diagnostics: Diagnostic[] = [];
  const map = settings === undefined ? undefined : new Map(Object.entries(settings));
  const facts = checkTopic(
    { replicationFactor, settings: map },
    options,
    (each) => void diagnostics.push(each),
  );
  return { facts, codes: diagnostics.map(({ level, code }) => `${level} ${code}`) };
}

describe('checkTopic', () => {
  it.each<[string, number, Settings, string]>([
    ['two replicas that each write reaches', 3, { 'min.insync.replicas': '2' }, 'replicated'],
    ['one replica that Kafka syncs after each record', 1, { 'flush.messages': '1' }, 'disk'],
    ['one replica', 1, { 'min.insync.replicas': '1', 'flush.messages': '9223372036854775807' }, 'unsynced'],
    ['replicas that a write need not reach', 3, { 'min.insync.replicas': '1' }, 'unsynced'],
    ['a minimum above the number of replicas', 1, { 'min.insync.replicas': '2' }, 'unsynced'],
  ])('derives the durability of a topic with %s', (_, replicas, settings, durability) => {
    const { facts, codes } = check(replicas, settings);
    expect(facts.durability).toBe(durability);
    expect(codes).toEqual(durability === 'unsynced' ? ['warn topic-not-replicated'] : []);
  });

  it('claims the lowest durability, with a warning, if the configuration may not be read', () => {
    const { facts, codes } = check(3, undefined);
    expect(facts).toEqual({ durability: 'unsynced', retentionMs: undefined });
    expect(codes).toEqual(['warn topic-not-described']);
  });

  it.each<[string, number | undefined]>([
    ['-1', undefined],
    ['1000', 1000],
  ])('reads the retention %s', (retention, retentionMs) => {
    expect(check(1, { 'retention.ms': retention }).facts.retentionMs).toBe(retentionMs);
  });

  it.each([
    ['a compacted topic', { 'cleanup.policy': 'compact,delete' }, { field: 'topic', code: 'invalid_value' }],
    [
      'a topic with a smaller limit',
      { 'max.message.bytes': '1000' },
      { field: 'maxRequestBytes', code: 'out_of_range', limit: 1000 },
    ],
  ])('rejects %s and names the option', (_, settings: Settings, violation) => {
    expect(() => check(1, settings)).toThrow(
      expect.objectContaining({
        code: 'VIGILANT_OPTIONS_INVALID',
        violations: [expect.objectContaining(violation)],
      }) as Error,
    );
  });
});
