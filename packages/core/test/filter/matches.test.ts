import { describe, expect, it } from 'vitest';
import { cpuMsOf } from '../support';
import { isVigilantError } from '../../src/util/errors';
import type { Event, JsonObject } from '../../src/event/event';
import { createMatcher, matches } from '../../src/filter/matches';
import { parseFilter } from '../../src/filter/parse';
import { event } from './arbitraries';

const finds = (filter: string, changes: Partial<Event>): boolean =>
  matches(parseFilter(filter), event(changes));

/** Parses data from JSON, so that `__proto__` is an own property. */
const json = (text: string): { data: JsonObject } => ({ data: JSON.parse(text) as JsonObject });

describe('matches', () => {
  it('searches words and quoted text only in the message, ignoring case', () => {
    const changes = { message: 'Card DECLINED (50% off) "a\\b" für Straße', source: 'hidden' };
    for (const found of [
      'declined',
      '"card declined"',
      '50%',
      '"50% OFF)"',
      '"\\"A\\\\B\\""',
      'FÜR',
      'strasse',
    ]) {
      expect(finds(found, changes), found).toBe(true);
    }
    for (const missed of ['hidden', '5_%', '"carddeclined"', 'fur']) {
      expect(finds(missed, changes), missed).toBe(false);
    }
  });

  it('matches words in any order, and quoted text as a whole', () => {
    expect(finds('declined card', { message: 'card declined' })).toBe(true);
    expect(finds('"declined card"', { message: 'card declined' })).toBe(false);
  });

  it('finds text after a NUL', () => {
    expect(finds('behind', { message: 'before\0behind' })).toBe(true);
    expect(finds('"before\0b"', { message: 'before\0behind' })).toBe(true);
  });

  it('distinguishes composed and decomposed letters', () => {
    expect(finds('é', { message: 'e\u0301' })).toBe(false);
  });

  it('compares the entire text of a field, case-sensitively', () => {
    expect(finds('source:auth', { source: 'auth' })).toBe(true);
    expect(finds('source:Auth', { source: 'auth' })).toBe(false);
    expect(finds('source:au', { source: 'auth' })).toBe(false);
    expect(finds('source:au*', { source: 'auth' })).toBe(true);
    expect(finds('source:auth*', { source: 'auth' })).toBe(true);
    expect(finds('source:u*', { source: 'auth' })).toBe(false);
    expect(finds('source:a_th', { source: 'auth' })).toBe(false);
  });

  it('distinguishes empty text, and matches any tag', () => {
    expect(finds('source:""', { source: '' })).toBe(true);
    expect(finds('source:*', { source: '' })).toBe(false);
    expect(finds('tag:a', { tags: ['b', 'a'] })).toBe(true);
    expect(finds('tag:""', { tags: [] })).toBe(false);
    expect(finds('tag:*', { tags: [] })).toBe(false);
    expect(finds('-tag:*', { tags: [] })).toBe(true);
    expect(finds('tag:b*,c*', { tags: ['xb', 'cx'] })).toBe(true);
  });

  it('compares levels by rank, severities as numbers and times by microseconds', () => {
    expect(
      ['DEBUG', 'INFO', 'WARN', 'ERROR'].filter((level) => finds('level>INFO', { level } as Event)),
    ).toEqual(['WARN', 'ERROR']);
    expect(finds('level:WARN,ERROR', { level: 'WARN' })).toBe(true);
    expect(finds('severity<=-1', { severity: -2 })).toBe(true);
    const timestamp = 1_767_225_600_000.001;
    expect(finds('timestamp>1767225600000000', { timestamp })).toBe(true);
    expect(finds('timestamp:1767225600000001', { timestamp })).toBe(true);
    expect(finds('timestamp:1767225600000002', { timestamp })).toBe(false);
    expect(finds('level:* severity:* timestamp:*', {})).toBe(true);
  });

  it.each<[filter: string, data: string, found: boolean]>([
    ['data.x:42', '{"x":42}', true],
    ['data.x:42', '{"x":"42"}', true],
    ['data.x:"42"', '{"x":42}', false],
    ['data.x:"42"', '{"x":"42"}', true],
    ['data.x:42.0', '{"x":42}', true],
    ['data.x:42.0', '{"x":"42"}', false],
    ['data.x:42', '{"x":42.5}', false],
    ['data.x:0', '{"x":-0}', true],
    ['data.x:true', '{"x":true}', true],
    ['data.x:true', '{"x":"true"}', true],
    ['data.x:"true"', '{"x":true}', false],
    ['data.x:null', '{"x":null}', true],
    ['data.x:null', '{"x":"null"}', true],
    ['data.x:null', '{}', false],
    ['data.x:9007199254740993', '{"x":"9007199254740993"}', true],
    ['data.x:9007199254740993', '{"x":9007199254740992}', false],
    ['data.x:1e20', '{"x":1e20}', true],
    ['data.x:""', '{"x":""}', true],
    ['data.x:""', '{}', false],
    ['data.x:abc', '{"x":"ABC"}', false],
    ['data.x:a*', '{"x":"abc"}', true],
    ['data.x:4*', '{"x":42}', false],
    ['data.x:""*', '{"x":1}', false],
    ['data.x:""*', '{"x":""}', true],
    ['data.x>5', '{"x":6}', true],
    ['data.x>5', '{"x":"6"}', false],
    ['data.x>=5', '{"x":5}', true],
    ['data.x<5', '{"x":null}', false],
    ['data.x<5', '{"x":true}', false],
    ['-data.x>5', '{}', true],
    ['data.x:*', '{"x":false}', true],
    ['data.x:*', '{"x":""}', true],
    ['data.x:*', '{"x":{}}', true],
    ['data.x:*', '{"x":null}', false],
    ['data.x:*', '{"x":[]}', false],
    ['data.x:*', '{"x":[null]}', false],
    ['data.x:*', '{"x":[null,0]}', true],
    ['data.x:1', '{"x":{"y":1}}', false],
    ['data.x.y:1', '{"x":1}', false],
  ])('%s on %s: %s', (filter, data, found) => {
    expect(finds(filter, json(data))).toBe(found);
  });

  it.each<[filter: string, data: string, found: boolean]>([
    ['data.a.b.c:1', '{"a":{"b":{"c":1}}}', true],
    ['data.a.b.c:1', '{"a.b.c":1}', true],
    ['data.a.b.c:1', '{"a.b":{"c":1}}', true],
    ['data.a.b.c:1', '{"a":{"b.c":1}}', true],
    ['data.a.b.c:1', '{"a":{"b":{"c":2}},"a.b":{"c":1}}', true],
    ['data."a.b".c:1', '{"a":{"b":{"c":1}}}', false],
    ['data."a.b".c:1', '{"a.b.c":1}', true],
    ['data."".x:1', '{"":{"x":1}}', true],
    ['data."".x:1', '{".x":1}', true],
    ['data.x:2', '{"x":[1,2,3]}', true],
    ['data.x:2', '{"x":[[1],[[2]]]}', true],
    ['data.x.y:2', '{"x":[{"y":1},{"y":[2]}]}', true],
    ['data.x.y:2', '{"x":[[{"y":2}]]}', true],
    ['data.x.0:1', '{"x":[1]}', false],
    ['data.x.length:1', '{"x":[1]}', false],
    ['data.x>5 data.x<2', '{"x":[1,9]}', true],
    ['-data.x:1', '{"x":[1,2]}', false],
    ['data.__proto__.x:1', '{"__proto__":{"x":1}}', true],
    ['data.__proto__:*', '{}', false],
    ['data.constructor:*', '{}', false],
    ['data.constructor.name:Object', '{}', false],
    ['data.toString:*', '{"x":1}', false],
    ['data.hasOwnProperty:1', '{"hasOwnProperty":1}', true],
  ])('follows the path %s through %s: %s', (filter, data, found) => {
    expect(finds(filter, json(data))).toBe(found);
  });

  it('is fast for data with many possible paths', () => {
    // At each level "a" and "a.a" both match, so the number of matching paths grows like the Fibonacci numbers.
    let value: unknown = 1;
    for (let depth = 0; depth < 30; depth++) value = { a: value, 'a.a': 0, 'a.a.a': [[], [{}]] };
    const matcher = createMatcher(parseFilter(`data${'.a'.repeat(32)}:1`));
    const wide = { a: Array.from({ length: 20_000 }, () => [{ a: [{}] }]) };
    const cpuMs = cpuMsOf(() => {
      expect(matcher(event({ data: value as JsonObject }))).toBe(false);
      expect(matcher(event({ data: wide }))).toBe(false);
    });
    expect(cpuMs).toBeLessThan(3_000);
  });

  it('rejects a relative time', () => {
    let error: unknown;
    try {
      createMatcher(parseFilter('a (b OR -timestamp>now-2h)'));
    } catch (caught) {
      error = caught;
    }
    expect(isVigilantError(error) && error.code).toBe('VIGILANT_FILTER_INVALID');
  });

  it('uses one matcher for many events', () => {
    const matcher = createMatcher(parseFilter('Straße OR "CARD d"'));
    const found = ['strasse', 'card', 'card declined', '', 'card declined'].map((message) =>
      matcher(event({ message })),
    );
    expect(found).toEqual([true, false, true, false, true]);
  });
});
