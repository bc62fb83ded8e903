import { describe, expect, it } from 'vitest';
import { idFromSql, idToSql } from '../../src/rows/row';

const UUID = '0192f5c1-7c3a-7d0e-8000-00000000abcd';

describe('idToSql', () => {
  it('converts a lower-case UUID to 16 bytes, and idFromSql converts it back', () => {
    const value = idToSql(UUID);
    expect(value).toHaveLength(16);
    expect(idFromSql(value)).toBe(UUID);
  });

  it.each([
    ['an upper-case UUID', UUID.toUpperCase()],
    ['a UUID without hyphens', UUID.replaceAll('-', '')],
    ['a UUID with a suffix', `${UUID}0`],
    ['36 other characters', 'x'.repeat(36)],
    ['a number', '42'],
  ])('keeps %s as text', (_, id) => {
    expect(idToSql(id)).toBe(id);
    expect(idFromSql(id)).toBe(id);
  });
});
