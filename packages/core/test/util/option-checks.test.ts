import type { VigilantError } from '@vigilant/core';
import {
  checkBooleanOption,
  checkChoiceOption,
  checkFunctionOption,
  checkIntegerOption,
  checkMethodsOption,
  checkObjectOption,
  checkOptionKeys,
  checkSecretOption,
  checkTextOption,
} from '@vigilant/core/adapter';
import { describe, expect, it } from 'vitest';

function messageOf(check: () => unknown): string {
  try {
    check();
  } catch (error) {
    expect((error as VigilantError).code).toBe('VIGILANT_OPTIONS_INVALID');
    return (error as VigilantError).message;
  }
  throw new Error('The check accepted the value.');
}

describe('checkOptionKeys', () => {
  it('lists the valid options of an unknown one', () => {
    expect(messageOf(() => checkOptionKeys('sqlite()', { colour: 1 }, ['batch', 'store']))).toBe(
      'Unknown option "colour" of sqlite(). Valid options: batch, store.',
    );
  });

  it('names the option that holds an unknown one', () => {
    expect(messageOf(() => checkOptionKeys('tls', { colour: 1 }, ['ca']))).toBe(
      'Unknown option "colour" of tls. Valid options: ca.',
    );
  });

  it('suggests the option with a similar name', () => {
    expect(messageOf(() => checkOptionKeys('batch', { maxByte: 1 }, ['maxBytes', 'maxEvents']))).toBe(
      'Unknown option "maxByte" of batch. Did you mean "maxBytes"?',
    );
  });

  it.each([
    [null, 'The options of sqlite() must be an object, not null.'],
    [5, 'The options of sqlite() must be an object, not 5.'],
    ['x', 'The options of sqlite() must be an object, not "x".'],
    [[], 'The options of sqlite() must be an object, not an empty array.'],
    [() => {}, 'The options of sqlite() must be an object, not a function.'],
  ])('rejects options that are %j', (options, message) => {
    expect(messageOf(() => checkOptionKeys('sqlite()', options, []))).toBe(message);
  });

  it('has the given code and the path of the option', () => {
    expect(() => checkOptionKeys('tls', { colour: 1 }, [], 'VIGILANT_QUERY_INVALID')).toThrow(
      expect.objectContaining({
        code: 'VIGILANT_QUERY_INVALID',
        violations: [{ field: 'tls.colour', code: 'unknown_option', reason: 'is not an option of tls' }],
      }),
    );
  });

  it('accepts known keys', () => {
    expect(() => checkOptionKeys('batch', { batch: undefined }, ['batch'])).not.toThrow();
  });
});

describe('option checks', () => {
  const secret = Symbol('s');
  it.each<[string, () => unknown, string]>([
    ['an object', () => checkObjectOption('tls', 'x'), 'tls must be an object, not "x".'],
    [
      'an integer',
      () => checkIntegerOption('port', 1.5, 1, 9),
      'port must be an integer from 1 to 9, not 1.5.',
    ],
    [
      'a smaller one',
      () => checkIntegerOption('port', 0, 1, 9),
      'port must be an integer from 1 to 9, not 0.',
    ],
    [
      'a larger one',
      () => checkIntegerOption('port', 10, 1, 9),
      'port must be an integer from 1 to 9, not 10.',
    ],
    ['a text', () => checkIntegerOption('port', '5', 1, 9), 'port must be an integer from 1 to 9, not "5".'],
    [
      'an empty text',
      () => checkTextOption('host', ''),
      'host must be a string of 1 to 1000 characters, not "".',
    ],
    [
      'a long text',
      () => checkTextOption('id', 'abc', { max: 2 }),
      'id must be a string of 1 to 2 characters, not "abc".',
    ],
    ['a choice', () => checkChoiceOption('key', 'b', ['a', 'c']), 'key must be one of a, c, not "b".'],
    ['a boolean', () => checkBooleanOption('tls', 1), 'tls must be true or false, not 1.'],
    ['a function', () => checkFunctionOption('redact', 'x'), 'redact must be a function, not "x".'],
    ['a symbol', () => checkFunctionOption('redact', secret), 'redact must be a function, not Symbol(s).'],
    [
      'a secret',
      () => checkSecretOption('password', 1234),
      'password must be a string. Its value is not shown.',
    ],
    ['no adapter', () => checkMethodsOption('store', 5, 'a Store', []), 'store must be a Store, not 5.'],
    [
      'part of an adapter',
      () => checkMethodsOption('store', { open() {} }, 'a Store', ['open', 'close']),
      'store must be a Store but lacks the method close().',
    ],
  ])('name the option, the value and the limit: %s', (_, check, message) => {
    expect(messageOf(check)).toBe(message);
  });

  it('return the accepted value', () => {
    expect(checkIntegerOption('port', 1, 1, 9)).toBe(1);
    expect(checkIntegerOption('port', 9, 1, 9)).toBe(9);
    expect(checkTextOption('prefix', '', { min: 0 })).toBe('');
    expect(checkTextOption('id', 'ab', { max: 2 })).toBe('ab');
    expect(checkChoiceOption('key', 'c', ['a', 'c'])).toBe('c');
    expect(checkBooleanOption('tls', false)).toBe(false);
    expect(checkSecretOption('password', '')).toBe('');
  });
});
