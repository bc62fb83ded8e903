import { describe, expect, it } from 'vitest';
import { changeKey, isChangeable, ownerOf, recordKey, resetKeys } from '../../src/app/keys/key-changes';
import { findAction, type KeyPress } from '../../src/app/keys/key-map';

const press = (key: string, modifiers: Partial<KeyPress> = {}): KeyPress => ({
  key,
  ctrlKey: false,
  metaKey: false,
  altKey: false,
  ...modifiers,
});
const CTRL = { ctrlKey: true };

describe('changeKey', () => {
  it('replaces one key and keeps the others', () => {
    expect(changeKey({}, 'next', 'j', 'w')).toEqual({ next: ['w', 'ArrowDown'] });
  });

  it('adds and removes keys', () => {
    const removed = changeKey({}, 'live', 't', undefined);
    expect(removed).toEqual({ live: [] });
    expect(changeKey(removed, 'live', undefined, 'q')).toEqual({ live: ['q'] });
  });

  it('keeps no change that equals the original keys', () => {
    expect(changeKey({ live: ['q'] }, 'live', 'q', 't')).toEqual({});
  });
});

describe('resetKeys', () => {
  it('removes the original keys from other actions', () => {
    const changes = { live: ['q'], context: ['t', 'v'] };
    expect(resetKeys(changes, 'live')).toEqual({ context: ['v'] });
  });
});

describe('ownerOf', () => {
  it('follows the changes', () => {
    expect([ownerOf({}, 't'), ownerOf({ live: ['q'] }, 't'), ownerOf({ live: ['q'] }, 'q')]).toEqual([
      'live',
      undefined,
      'live',
    ]);
  });
});

describe('recordKey', () => {
  it.each([
    ['a free key', press('q'), { kind: 'use', key: 'q' }],
    ['a key with Ctrl', press('e', CTRL), { kind: 'use', key: 'mod+e' }],
    ['a function key', press('F2'), { kind: 'use', key: 'F2' }],
    ['the same key', press('j'), { kind: 'use', key: 'j' }],
    ['a key of another action', press('t'), { kind: 'conflict', key: 't', owner: 'live' }],
    ['a key of the browser', press('c', CTRL), { kind: 'reserved', key: 'mod+c' }],
    ['a key of the browser with Shift', press('N', CTRL), { kind: 'reserved', key: 'mod+N' }],
    ['Shift alone', press('Shift'), { kind: 'wait' }],
    ['a dead key', press('Dead'), { kind: 'wait' }],
    ['an arrow', press('ArrowDown'), { kind: 'wait' }],
    ['a key with Alt', press('q', { altKey: true }), { kind: 'wait' }],
    ['Escape', press('Escape'), { kind: 'cancel' }],
    ['Delete', press('Delete'), { kind: 'remove' }],
  ])('interprets %s', (_, key, result) => expect(recordKey({}, key, 'j')).toEqual(result));
});

describe('isChangeable', () => {
  it('is not true for keys that move within lists and controls', () => {
    const keys = ['j', ' ', 'mod+k', 'F2', 'ArrowDown', 'Enter', 'Escape', 'Home'];
    expect(keys.filter(isChangeable)).toEqual(['j', ' ', 'mod+k', 'F2']);
  });
});

describe('findAction', () => {
  it('accepts a key that AltGr types, as Ctrl and Alt on some systems', () => {
    const getModifierState = (name: string): boolean => name === 'AltGraph';
    const altGr = press('[', { ctrlKey: true, altKey: true, getModifierState });
    expect(findAction(altGr, { singleKeys: true, keys: {} })).toBe('facets');
  });
});
