import { describe, expect, it } from 'vitest';
import { checkInteger, checkOptions } from '../../src/query/argument-checks';
import type { VigilantError } from '../../src/util/errors';

function errorOf(check: () => unknown): Pick<VigilantError, 'code' | 'message' | 'violations'> {
  try {
    check();
  } catch (error) {
    const { code, message, violations } = error as VigilantError;
    return { code, message, violations };
  }
  throw new Error('The check passed');
}

describe('checkInteger', () => {
  it.each([2, 3, 7])('returns %d between 2 and 7', (value) => {
    expect(checkInteger('limit', value, 2, 7)).toBe(value);
  });

  it.each([1, 8, 2.5, NaN, Infinity, '3' as never, undefined as never])('rejects %o', (value) => {
    expect(errorOf(() => checkInteger('limit', value, 2, 7))).toStrictEqual({
      code: 'VIGILANT_QUERY_INVALID',
      message: expect.stringMatching(/^limit must be an integer from 2 to 7/) as string,
      violations: [
        { field: 'limit', code: 'out_of_range', reason: 'must be an integer from 2 to 7', limit: '2–7' },
      ],
    });
  });
});

describe('checkOptions', () => {
  it('accepts known options', () => {
    expect(() => checkOptions('query()', { limit: 1, cursor: undefined }, ['limit', 'cursor'])).not.toThrow();
  });

  it.each([null, 'limit', 7, undefined])('rejects %o', (options) => {
    expect(errorOf(() => checkOptions('query()', options, ['limit']))).toStrictEqual({
      code: 'VIGILANT_QUERY_INVALID',
      message: expect.stringMatching(/^The options of query\(\) must be an object/) as string,
      violations: [
        {
          field: 'options',
          code: 'wrong_type',
          reason: expect.stringMatching(/^must be an object/) as string,
        },
      ],
    });
  });

  it.each([
    ['limt', 'Did you mean "limit"?'],
    ['unrelated', 'Valid options: limit, cursor.'],
  ])('rejects the unknown option %s: %s', (key, hint) => {
    const check = () => checkOptions('query()', { limit: 1, [key]: 1 }, ['limit', 'cursor']);
    expect(errorOf(check)).toStrictEqual({
      code: 'VIGILANT_QUERY_INVALID',
      message: `Unknown option "${key}" of query(). ${hint}`,
      violations: [{ field: key, code: 'unknown_option', reason: 'is not an option of query()' }],
    });
  });
});
