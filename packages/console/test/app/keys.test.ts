import { describe, expect, it } from 'vitest';
import { en } from '../../src/app/i18n/en';
import { BINDINGS } from '../../src/app/keys/bindings';
import { findAction, type KeyPress } from '../../src/app/keys/key-map';

const press = (key: string, modifiers: Partial<KeyPress> = {}): KeyPress => ({
  key,
  ctrlKey: false,
  metaKey: false,
  altKey: false,
  ...modifiers,
});

describe('the table of keys', () => {
  it('uses every key once and has a text for every action', () => {
    const keys = BINDINGS.flatMap((binding) => binding.keys as readonly string[]);
    expect(new Set(keys).size).toBe(keys.length);
    for (const { label, group } of BINDINGS) expect([en[label], en[group]]).not.toContain(undefined);
  });
});

describe('findAction', () => {
  it('distinguishes upper and lower case', () => {
    expect([findAction(press('n'), true), findAction(press('N'), true)]).toEqual([
      'nextError',
      'previousError',
    ]);
  });

  it('leaves keys with modifiers to the browser', () => {
    expect(findAction(press('f', { ctrlKey: true }), true)).toBeUndefined();
    expect(findAction(press('n', { metaKey: true }), true)).toBeUndefined();
    expect(findAction(press('d', { altKey: true }), true)).toBeUndefined();
  });

  it('ignores single keys when they are turned off, but not named keys', () => {
    expect(findAction(press('j'), false)).toBeUndefined();
    expect(findAction(press('ArrowDown'), false)).toBe('next');
  });
});
