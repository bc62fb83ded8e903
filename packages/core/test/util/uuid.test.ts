import { describe, expect, it } from 'vitest';
import { hexToUuid, uuidToHex } from '../../src/util/uuid';

const UUID = '0190a5c2-7b3e-7def-8123-456789abcdef';

describe('uuidToHex', () => {
  it('returns the digits of a UUID', () => {
    expect(uuidToHex(UUID)).toBe('0190a5c27b3e7def8123456789abcdef');
  });

  it.each([
    ['upper-case digits', UUID.toUpperCase()],
    ['no hyphens', UUID.replaceAll('-', '')],
    ['hyphens in other positions', '0190a5c-27b3e-7def-8123-456789abcdef'],
    ['another character', UUID.replace('f', 'g')],
    ['more text', `${UUID}\n`],
    ['nothing', ''],
  ])('returns undefined for %s', (_, text) => {
    expect(uuidToHex(text)).toBeUndefined();
  });
});

describe('hexToUuid', () => {
  it('reverses uuidToHex', () => {
    expect(hexToUuid(uuidToHex(UUID) ?? '')).toBe(UUID);
  });
});
