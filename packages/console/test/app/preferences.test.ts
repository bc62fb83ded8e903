import { describe, expect, it } from 'vitest';
import { Settings, readPreferences } from '../../src/app/settings/settings.svelte';

const stored = (text: string | null) => ({ getItem: () => text });

describe('readPreferences', () => {
  it.each([
    null,
    '',
    '{',
    'null',
    '[]',
    '"x"',
    '{"theme":5,"history":[1],"singleKeys":"no"}',
    '{"zone":"zz","density":"tight"}',
    '{"keys":null,"widths":null}',
    '{"keys":{"next":"j"},"widths":{"facets":300}}',
    '{"keys":{"next":[1]},"widths":{"facets":-5,"detail":420}}',
  ])('has defaults where %j is stored', (text) =>
    expect(readPreferences(stored(text))).toEqual(readPreferences(undefined)),
  );

  it('reads what was stored', () => {
    expect(readPreferences(stored('{"theme":"dark","history":["a"]}'))).toMatchObject({
      theme: 'dark',
      history: ['a'],
    });
  });
});

describe('Settings', () => {
  it('applies changes even if the storage is full', () => {
    const settings = new Settings({
      getItem: () => null,
      setItem: () => {
        throw new Error('full');
      },
    });
    settings.update({ theme: 'dark' });
    expect(settings.current.theme).toBe('dark');
  });
});
