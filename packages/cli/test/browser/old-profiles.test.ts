import { mkdirSync, readdirSync, symlinkSync, utimesSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { deleteOldProfiles } from '../../src/browser/old-profiles';
import { createTestSystem } from '../support/test-system';

describe('deleteOldProfiles', () => {
  it('keeps the current profile, profiles in use and the ten that were used last', async () => {
    const system = createTestSystem();
    const folder = join(system.home, 'profiles');
    for (let day = 0; day < 14; day += 1) {
      const profile = join(folder, `file-${day}`);
      mkdirSync(profile, { recursive: true });
      if (day === 1) symlinkSync(`${hostname()}-${process.pid}`, join(profile, 'SingletonLock'));
      if (day === 2) symlinkSync(`elsewhere-${process.pid}`, join(profile, 'SingletonLock'));
      utimesSync(profile, day * 86_400, day * 86_400);
    }
    await deleteOldProfiles(folder, 'file-0', system);
    const kept = [0, 1, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13].map((day) => `file-${day}`);
    expect(readdirSync(folder).sort()).toEqual(kept.sort());
  });

  it('does nothing before the first profile exists', async () => {
    const system = createTestSystem();
    await expect(deleteOldProfiles(join(system.home, 'profiles'), 'file-0', system)).resolves.toBeUndefined();
  });
});
