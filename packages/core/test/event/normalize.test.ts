import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { VigilantError, isVigilantError } from '../../src/util/errors';
import { resolveDefaults } from '../../src/event/defaults';
import type { Event } from '../../src/event/event';
import type { NormalizeContext } from '../../src/event/normalize';
import { normalizeEvent } from '../../src/event/normalize';
import { input } from './arbitraries';

const NOW = 1_700_000_000_000;
const context: NormalizeContext = { defaults: resolveDefaults({}), now: () => NOW, newId: () => 'new-id' };
const normalize = (given: unknown, more: Partial<NormalizeContext> = {}): Event =>
  normalizeEvent(given, { ...context, ...more });

function violations(given: unknown) {
  try {
    normalize(given);
  } catch (error) {
    if (!isVigilantError(error) || error.code !== 'VIGILANT_EVENT_INVALID') throw error;
    return error.violations.map(({ field, code, limit }) => [field, code, limit]);
  }
  return [];
}

describe('normalizeEvent', () => {
  it('adds the defaults to a message', () => {
    expect(normalize({ message: 'hello' })).toEqual({
      id: 'new-id',
      message: 'hello',
      level: 'INFO',
      severity: 0,
      timestamp: NOW,
      receivedAt: NOW,
      origin: '',
      source: '',
      type: 'log',
      group: 'default',
      tags: [],
      data: {},
    });
  });

  it('accepts the events of old clients unchanged', () => {
    const event = normalize({
      id: 123456,
      message: 'User logged in',
      level: 'INFO',
      severity: 2,
      timestamp: 1_617_181_723,
      tags: 'auth,login',
      data: { userId: '42' },
    });
    expect(event).toMatchObject({ id: '123456', timestamp: 1_617_181_723_000, tags: ['auth', 'login'] });
  });

  it.each([
    ['trace', 'DEBUG'],
    ['Debug', 'DEBUG'],
    ['info', 'INFO'],
    ['WARNING', 'WARN'],
    ['critical', 'ERROR'],
    ['FATAL', 'ERROR'],
    ['verbose', 'DEBUG'],
    ['silly', 'DEBUG'],
    ['FINEST', 'DEBUG'],
    ['notice', 'INFO'],
    ['Information', 'INFO'],
    ['err', 'ERROR'],
    ['crit', 'ERROR'],
    ['alert', 'ERROR'],
    ['emerg', 'ERROR'],
    ['panic', 'ERROR'],
    ['Severe', 'ERROR'],
  ])('reads %s as the level %s', (given, level) => {
    expect(normalize({ message: '', level: given }).level).toBe(level);
  });

  it.each([
    ['', 'new-id'],
    [0, 'new-id'],
    [42, '42'],
    [9007199254740993n, '9007199254740993'],
    ['a b'.replace(' ', '!'), 'a!b'],
    [10n ** 128n - 1n, '9'.repeat(128)],
  ])('accepts the id %o as %s', (given, id) => {
    expect(normalize({ message: '', id: given }).id).toBe(id);
  });

  it('replaces lone surrogates and keeps all other text', () => {
    expect(normalize({ message: 'a\ud800b😀\0' }).message).toBe('a\ufffdb😀\0');
  });

  it('keeps the order of tags and removes duplicates', () => {
    expect(normalize({ message: '', tags: ['b', 'a', 'b'] }).tags).toEqual(['b', 'a']);
    expect(normalize({ message: '', tags: ' b , a,,b' }).tags).toEqual(['b', 'a']);
  });

  it('merges the event over the defaults', () => {
    const defaults = resolveDefaults({ source: 's', tags: ['t'], data: { a: 1, b: 1 } });
    const event = normalize({ message: '', source: '', tags: ['u'], data: { b: 2 } }, { defaults });
    expect(event).toMatchObject({ source: '', tags: ['t', 'u'], data: { a: 1, b: 2 } });
  });

  const long = (length: number): string => 'x'.repeat(length);
  it.each<[string, unknown, unknown[]]>([
    ['no object', 'text', [['', 'wrong_type', undefined]]],
    ['no message', {}, [['message', 'required', undefined]]],
    ['a message of another type', { message: 7 }, [['message', 'wrong_type', undefined]]],
    ['a long message', { message: '€'.repeat(30_000) }, [['message', 'too_long', 65_536]]],
    ['a long id', { message: '', id: long(129) }, [['id', 'too_long', 128]]],
    ['an id of many digits', { message: '', id: 10n ** 128n }, [['id', 'too_long', 128]]],
    ['an id of millions of digits', { message: '', id: 1n << 100_000_000n }, [['id', 'too_long', 128]]],
    [
      'tags in an endless text',
      { message: '', tags: 'a,'.repeat(1_000_000) },
      [['tags', 'too_long', 65_536]],
    ],
    ['an id with a space', { message: '', id: 'a b' }, [['id', 'malformed', 'U+0021–U+007E']]],
    ['an id that is a fraction', { message: '', id: 1.5 }, [['id', 'wrong_type', undefined]]],
    ['an unknown level', { message: '', level: 'LOUD' }, [['level', 'unknown_value', undefined]]],
    ['an empty level', { message: '', level: '' }, [['level', 'unknown_value', undefined]]],
    [
      'a large severity',
      { message: '', severity: 2 ** 31 },
      [['severity', 'out_of_range', '-2147483648–2147483647']],
    ],
    [
      'a far timestamp',
      { message: '', timestamp: '9223372036854775808' },
      [['timestamp', 'out_of_range', '±2^43 ms']],
    ],
    ['no timestamp', { message: '', timestamp: 'soon' }, [['timestamp', 'malformed', undefined]]],
    ['a long name', { message: '', group: long(256) }, [['group', 'too_long', 255]]],
    ['a long tag', { message: '', tags: ['ok', long(256)] }, [['tags[1]', 'too_long', 255]]],
    [
      'many tags',
      { message: '', tags: Array.from({ length: 65 }, (_, n) => `t${n}`) },
      [['tags', 'too_many', 64]],
    ],
    ['tags of another type', { message: '', tags: 3 }, [['tags', 'wrong_type', undefined]]],
    ['data that is an array', { message: '', data: [] }, [['data', 'wrong_type', undefined]]],
    ['large data', { message: '', data: { a: long(262_144) } }, [['data', 'too_large', 262_144]]],
    ['a misspelt field', { message: '', leval: 'WARN' }, [['leval', 'unknown_field', undefined]]],
    [
      'two faults',
      { level: 'x', group: long(256) },
      [
        ['message', 'required', undefined],
        ['level', 'unknown_value', undefined],
        ['group', 'too_long', 255],
      ],
    ],
  ])('rejects %s', (_, given, expected) => {
    expect(violations(given)).toEqual(expected);
  });

  it('reports the path of data that is nested too deep', () => {
    let deep: unknown = 1;
    for (let n = 0; n < 40; n += 1) deep = { a: deep };
    expect(violations({ message: '', data: deep })).toEqual([[`data${'.a'.repeat(32)}`, 'too_deep', 32]]);
  });

  const SECRET = '\x1b[2J token=hunter2';
  it.each<[string, unknown]>([
    ['id', SECRET],
    ['level', SECRET],
    ['severity', SECRET],
    ['severity', 4_111_111_111_111_111],
    ['timestamp', SECRET],
    ['timestamp', '1987-01-32 hunter2'],
    ['timestamp', '1987-13-01'],
    ['timestamp', 4_111_111_111_111_111.5],
    ['tags', { hunter2: SECRET }],
    ['data', SECRET],
  ])('does not quote the value of %s in its error', (field, value) => {
    let error: unknown;
    try {
      normalize({ message: '', [field]: value });
    } catch (caught) {
      error = caught;
    }
    expect(error).toBeInstanceOf(VigilantError);
    const { message, violations } = error as VigilantError;
    expect(JSON.stringify([message, violations])).not.toMatch(/hunter2|4111111|1987|\x1b|u001b/);
    expect(violations[0]?.field).toBe(field);
  });

  it('shortens and escapes the names of unknown fields', () => {
    expect(() => normalize({ message: '', [`\x1b${long(10_000)}`]: 1 })).toThrow(
      /^\\u\{1b\}x{39}…: is not a field of an event; put it under data$/,
    );
  });

  it('shares nothing with the input', () => {
    const given = { message: '', tags: ['a'], data: { list: [1] } };
    const event = normalize(given);
    given.tags.push('b');
    given.data.list.push(2);
    expect(event).toMatchObject({ tags: ['a'], data: { list: [1] } });
  });

  it('does not change an event that is already normalised', () => {
    fc.assert(
      fc.property(input, (given) => {
        const once = normalize(given);
        expect(normalize(once)).toEqual(once);
      }),
    );
  });

  it('throws only VIGILANT_EVENT_INVALID for any input', () => {
    const hostile = new Proxy(
      { message: 'x' },
      {
        ownKeys: () => {
          throw new Error('no');
        },
      },
    );
    const thrower = Object.defineProperty({}, 'message', {
      get: () => {
        throw new Error('no');
      },
      enumerable: true,
    });
    let bottomless: object = {};
    for (let n = 0; n < 100_000; n += 1) bottomless = { bottomless };
    const { proxy: revoked, revoke } = Proxy.revocable({}, {});
    revoke();
    for (const given of [
      revoked,
      hostile,
      thrower,
      { message: '', data: bottomless },
      { message: '', data: { a: new Array(1e9) } },
    ])
      expect(violations(given).length).toBeGreaterThan(0);
    fc.assert(
      fc.property(
        fc.anything({
          withProxy: true,
          withBigInt: true,
          withDate: true,
          withMap: true,
          withSet: true,
        } as never),
        (given) => {
          violations(given);
          violations({ message: 'm', data: given, tags: given, id: given, timestamp: given });
        },
      ),
    );
  });

  it('limits the entries of tags, including duplicates', () => {
    const tags = Array.from({ length: 2_000 }, () => 'a');
    expect(() => normalizeEvent({ message: 'm', tags }, context)).toThrow(/2000 entries; the limit is 1024/);
  });
});
