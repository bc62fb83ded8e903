import { describe, expect, it } from 'vitest';
import { en } from '../../src/app/i18n/en';
import { enPages } from '../../src/app/i18n/en-pages';
import { BINDINGS, type ActionId } from '../../src/app/keys/bindings';
import { GROUPS } from '../../src/app/keys/groups';
import { KeyMap, findAction, type KeyPreferences, type KeyPress } from '../../src/app/keys/key-map';
import { keyName } from '../../src/app/keys/key-name';
import { translate } from '../../src/app/i18n/translate';

const press = (key: string, modifiers: Partial<KeyPress> = {}): KeyPress => ({
  key,
  ctrlKey: false,
  metaKey: false,
  altKey: false,
  ...modifiers,
});
const ON: KeyPreferences = { singleKeys: true, keys: {} };
const OFF: KeyPreferences = { singleKeys: false, keys: {} };
const ids = Object.keys(BINDINGS) as ActionId[];
const t = (key: keyof typeof en | keyof typeof enPages): string =>
  translate({ ...en, ...enPages }, 'en-US', key);

describe('the table of keys', () => {
  it('uses every key once, and has a text and a group for every action', () => {
    const keys = Object.values(BINDINGS).flat();
    expect(new Set(keys).size).toBe(keys.length);
    for (const id of ids) expect(t(`key.${id}`)).not.toBe(`key.${id}`);
    expect(GROUPS.flatMap(({ actions }) => actions).sort()).toEqual([...ids].sort());
  });
});

describe('findAction', () => {
  it('distinguishes upper and lower case', () => {
    expect([findAction(press('n'), ON), findAction(press('N'), ON)]).toEqual(['nextError', 'previousError']);
  });

  it('leaves keys with modifiers to the browser, except those of the table', () => {
    expect(findAction(press('f', { ctrlKey: true }), ON)).toBeUndefined();
    expect(findAction(press('n', { metaKey: true }), ON)).toBeUndefined();
    expect(findAction(press('d', { altKey: true }), ON)).toBeUndefined();
    expect(findAction(press('k', { ctrlKey: true }), OFF)).toBe('palette');
    expect(findAction(press('k', { metaKey: true }), OFF)).toBe('palette');
  });

  it('ignores single keys when they are turned off, but not named keys', () => {
    expect(findAction(press('j'), OFF)).toBeUndefined();
    expect(findAction(press('ArrowDown'), OFF)).toBe('next');
  });

  it('uses changed keys in place of all keys of the action', () => {
    const changed: KeyPreferences = { singleKeys: true, keys: { next: ['w'], previous: [] } };
    expect(['w', 'j', 'ArrowDown', 'k'].map((key) => findAction(press(key), changed))).toEqual([
      'next',
      undefined,
      undefined,
      undefined,
    ]);
  });
});

describe('KeyMap', () => {
  it('runs the handler that was attached last, and the one before if it does not accept', () => {
    const keys = new KeyMap(() => ON);
    const ran: string[] = [];
    keys.attach({ live: () => void ran.push('page') });
    const detach = keys.attach({ live: () => (ran.push('dialog'), ran.length > 1 ? false : undefined) });
    expect([keys.run('live'), keys.run('live'), ran]).toEqual([true, true, ['dialog', 'dialog', 'page']]);
    detach();
    expect([keys.run('live'), keys.has('live'), keys.run('next'), keys.has('next')]).toEqual([
      true,
      true,
      false,
      false,
    ]);
  });

  it('names the first key that acts', () => {
    let preferences = ON;
    const keys = new KeyMap(() => preferences);
    const hints = () => (['next', 'pause', 'palette'] as const).map((id) => keys.hint(id, t));
    expect(hints()).toEqual(['j', 'Space', 'Ctrl+K']);
    preferences = OFF;
    expect(hints()).toEqual(['↓', '', 'Ctrl+K']);
    preferences = { singleKeys: true, keys: { next: ['w'] } };
    expect(hints()[0]).toBe('w');
  });
});

describe('keyName', () => {
  it.each([
    ['Escape', 'Esc'],
    ['G', 'G'],
    ['F2', 'F2'],
    ['mod+s', 'Ctrl+S'],
  ])('names %s as %s', (key, name) => expect(keyName(key, t)).toBe(name));
});
