import { describe, expect, it } from 'vitest';
import {
  conflictLetter,
  isKey,
  keyOf,
  malformedLetter,
  rejectedLetter,
} from '../../src/delivery/dead-letter';
import { event, rejected } from '../support';

describe('rejectedLetter()', () => {
  it('has the code and the message of the error, or only its message', () => {
    const one = event();
    expect(rejectedLetter(one, rejected())).toMatchObject({
      reason: 'rejected',
      message: 'VIGILANT_EVENT_REJECTED: no room for this content',
    });
    expect(rejectedLetter(one, new Error('odd')).message).toBe('odd');
  });

  it('cuts the message to 2,000 characters', () => {
    const text = 'a'.repeat(2_000);
    expect(rejectedLetter(event(), new Error(text)).message).toBe(text);
    expect(rejectedLetter(event(), new Error(`${text}b`)).message).toBe(`${text}…`);
  });
});

describe('malformedLetter()', () => {
  it('has the reason, cut to 2,000 characters, and the position', () => {
    const text = 'a'.repeat(2_000);
    const letter = malformedLetter({ bytes: Uint8Array.of(1), position: 'p/1', reason: `${text}b` });
    expect(letter).toMatchObject({ reason: 'malformed', message: `${text}…`, position: 'p/1', count: 1 });
  });
});

describe('conflictLetter()', () => {
  it('has an identity that depends only on the id', () => {
    const { identity } = conflictLetter(event({ id: 'a', message: 'first' }));
    expect(conflictLetter(event({ id: 'a', message: 'second' })).identity).toBe(identity);
    expect(conflictLetter(event({ id: 'b', message: 'first' })).identity).not.toBe(identity);
  });
});

describe('isKey()', () => {
  const identity = '0123456789abcdef'.repeat(2);

  it.each([keyOf({ identity }, 0), keyOf({ identity }, 1.5e12), identity])('accepts the key %s', (key) => {
    expect(isKey(key)).toBe(true);
  });

  it.each(['', 'none', identity.slice(1), `t1-${identity}`, `${identity}0`, [identity], undefined])(
    'rejects %j',
    (value) => {
      expect(isKey(value)).toBe(false);
    },
  );
});
