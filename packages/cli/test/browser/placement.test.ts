import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { readPlacement } from '../../src/browser/placement';

function profileWith(preferences: string): string {
  const profile = mkdtempSync(join(tmpdir(), 'vigilant-cli-'));
  onTestFinished(() => rmSync(profile, { recursive: true, force: true }));
  mkdirSync(join(profile, 'Default'));
  writeFileSync(join(profile, 'Default', 'Preferences'), preferences);
  return profile;
}

const placed = (entry: object): string =>
  JSON.stringify({ browser: { app_window_placement: { '_/a/window': { html: entry } } } });

describe('readPlacement', () => {
  it('returns where Chromium saved the window of a URL', async () => {
    const profile = profileWith(placed({ left: 10, top: 20, right: 910, bottom: 720, maximized: true }));
    expect(await readPlacement(profile, 'file:///a/window.html')).toEqual({
      left: 10,
      top: 20,
      width: 900,
      height: 700,
      isMaximized: true,
    });
    expect(await readPlacement(profile, 'file:///b/window.html')).toBeUndefined();
  });

  it.each([
    ['a size that is too small', placed({ left: 0, top: 0, right: 100, bottom: 720 })],
    ['an edge that is not a number', placed({ left: 0, top: 0, right: '--x', bottom: 720 })],
    ['a missing edge', placed({ left: 0, top: 0, right: 900 })],
    ['a damaged file', '{'],
  ])('returns nothing for %s', async (_, preferences) => {
    const profile = profileWith(preferences);
    expect(await readPlacement(profile, 'file:///a/window.html')).toBeUndefined();
  });

  it('returns nothing for a profile that does not exist', async () => {
    expect(await readPlacement(join(tmpdir(), 'vigilant-absent'), 'file:///a/window.html')).toBeUndefined();
  });
});
