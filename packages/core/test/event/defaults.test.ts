import { describe, expect, it } from 'vitest';
import { resolveDefaults } from '../../src/event/defaults';

describe('resolveDefaults', () => {
  it.each([
    ['an unknown field', { colour: 'red' }, 'defaults.colour', 'unknown_field'],
    ['a wrong type', { source: 5 }, 'defaults.source', 'wrong_type'],
    ['a text that is too long', { group: 'x'.repeat(256) }, 'defaults.group', 'too_long'],
    ['data that is not an object', { data: [1] }, 'defaults.data', 'wrong_type'],
  ])('rejects %s as an invalid option, and names its path', (_, defaults, field, code) => {
    expect(() => resolveDefaults(defaults as never)).toThrow(
      expect.objectContaining({
        code: 'VIGILANT_OPTIONS_INVALID',
        violations: [expect.objectContaining({ field, code })],
      }),
    );
  });

  it('reports every violation', () => {
    expect(() => resolveDefaults({ colour: 'red', origin: 1, tags: 2 } as never)).toThrow(
      expect.objectContaining({
        violations: ['colour', 'origin', 'tags'].map((name) =>
          expect.objectContaining({ field: `defaults.${name}` }),
        ),
      }),
    );
  });

  it('inherits fields that are not given from the parent', () => {
    const parent = resolveDefaults({ origin: 'host', source: 'shop', tags: ['a'] });
    expect(resolveDefaults({ source: 'cart', tags: ['b'] }, parent)).toMatchObject({
      origin: 'host',
      source: 'cart',
      type: 'log',
      tags: ['a', 'b'],
    });
  });
});
