import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { KAFKA_OPTIONS, resolveKafkaOptions } from '../src/contracts/kafka-options';

const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8');

/** Cells of the table of options, by option. */
const rows = new Map(
  [...readme.matchAll(/^\| `(\w+)` +\| (.*?) +\| .*\|$/gm)].map(([, name = '', value = '']) => [name, value]),
);

const show = (value: unknown): string => {
  if (typeof value === 'string') return `\`'${value}'\``;
  const mebibytes = Number(value) / 1024 / 1024;
  if (mebibytes >= 1) return `${mebibytes} MiB`;
  return `\`${typeof value === 'object' ? JSON.stringify(value) : String(value)}\``;
};

describe('README.md', () => {
  it('lists all options', () => {
    expect([...rows.keys()]).toEqual(KAFKA_OPTIONS);
  });

  it('states the defaults of the code', () => {
    const defaults = resolveKafkaOptions({ brokers: ['host:9092'] });
    const stated: Record<string, string> = { brokers: 'required', groupId: 'the topic' };
    for (const [name, value] of Object.entries(defaults))
      expect(rows.get(name)).toBe(stated[name] ?? (value === undefined ? 'none' : show(value)));
  });
});
