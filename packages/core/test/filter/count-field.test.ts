import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isVigilantError } from '../../src/util/errors';
import { countValues, formatCountField, parseCountField } from '../../src/filter/count-field';
import { event } from './arbitraries';

describe('parseCountField', () => {
  it.each([
    'level',
    'severity',
    'origin',
    'source',
    'type',
    'group',
    'tags',
    'data.a.b',
    'data."odd key".x',
    'data."a.b"',
  ])('parses %s and formats it again', (name) => {
    expect(formatCountField(parseCountField(name))).toBe(name);
  });

  it('accepts tag for tags', () => {
    expect(parseCountField('tag')).toEqual({ name: 'tags' });
  });

  it('parses every path that it formats', () => {
    fc.assert(
      fc.property(fc.array(fc.string({ unit: 'grapheme' }), { minLength: 1, maxLength: 32 }), (path) => {
        expect(parseCountField(formatCountField({ name: 'data', path }))).toEqual({ name: 'data', path });
      }),
    );
  });

  it.each([
    ['id', 'cannot be counted by id'],
    ['message', 'cannot be counted by message'],
    ['timestamp', 'cannot be counted by timestamp'],
    ['lvel', 'did you mean level?'],
    ['', 'Expected a field'],
    ['data', 'Expected a key'],
    ['level:WARN', 'Expected the end'],
  ])('rejects %j: %s', (name, reason) => {
    let error: unknown;
    try {
      parseCountField(name);
    } catch (caught) {
      error = caught;
    }
    expect(isVigilantError(error) && error.code).toBe('VIGILANT_QUERY_INVALID');
    expect((error as Error).message).toContain(reason);
  });
});

describe('countValues', () => {
  const values = (name: string, changes: Parameters<typeof event>[0]) =>
    countValues(event(changes), parseCountField(name));

  it('returns the value of a field as text', () => {
    expect(values('level', { level: 'WARN' })).toEqual(['WARN']);
    expect(values('severity', { severity: -3 })).toEqual(['-3']);
    expect(values('source', { source: '' })).toEqual(['']);
    expect(values('tags', { tags: ['b', 'a'] })).toEqual(['b', 'a']);
    expect(values('tags', { tags: [] })).toEqual([]);
  });

  it('returns each string, number and boolean at a path once', () => {
    const data = { a: [1, '1', 2, 2, true, null, {}, [false, 'x']], 'a.b': 'y', c: { d: 1e21 } };
    expect(values('data.a', { data })).toEqual(['1', '2', 'true', 'false', 'x']);
    expect(values('data.a.b', { data })).toEqual(['y']);
    expect(values('data.c.d', { data })).toEqual(['1e+21']);
    expect(values('data.c', { data })).toEqual([]);
    expect(values('data.none', { data })).toEqual([]);
    expect(values('data.toString', { data })).toEqual([]);
  });
});
