import { createIdGenerator } from '@vigilant/core/adapter';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isPrompt, timesOfUuid7s } from '../../src/ids/uuid7';
import { byteTextsOf } from '../../src/index';

const TIME = 1_767_225_600_123;
const ID = createIdGenerator(() => TIME)();

const timeOf = (id: string): number => timesOfUuid7s(byteTextsOf([id]))[0] as number;

describe('timesOfUuid7s', () => {
  it('returns the milliseconds of a generated id', () => {
    const times = fc.integer({ min: 0, max: 2 ** 43 });
    fc.assert(fc.property(times, (time) => void expect(timeOf(createIdGenerator(() => time)())).toBe(time)));
  });

  it.each([
    ['a UUIDv4', 'f47ac10b-58cc-4372-a567-0e02b2c3d479'],
    ['upper case', ID.toUpperCase()],
    ['no hyphens', ID.replaceAll('-', '')],
    ['a digit in place of a hyphen', `${ID.slice(0, 8)}0${ID.slice(9)}`],
    ['a letter in place of a digit', `${ID.slice(0, 35)}g`],
    ['a hyphen in place of a digit', `-${ID.slice(1)}`],
    ['a character outside ASCII', `${ID.slice(0, 30)}\u0430${ID.slice(31)}`],
    ['an integer', '42'],
    ['a longer text', `${ID}0`],
  ])('returns NaN for %s', (_, id) => {
    expect(timeOf(id)).toBeNaN();
  });
});

describe('isPrompt', () => {
  it.each([
    [0, true],
    [10_000_000, true],
    [10_000_001, false],
    [-10_000_000, true],
    [-10_000_001, false],
  ])('tests an arrival %i µs after the time of the id', (micros, expected) => {
    expect(isPrompt(timeOf(ID), TIME * 1000 + micros)).toBe(expected);
  });

  it('returns false for other ids', () => {
    expect(isPrompt(timeOf('42'), 0)).toBe(false);
  });
});
