import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { ROOT } from '../../../scripts/lib/setup.mjs';
import { desktopCommand } from '../src/command/desktop-command';
import { foldersOf } from '../src/system/folders';
import { createTestSystem } from './support/test-system';

describe.each(['docs/desktop.md', 'packages/cli/README.md'])('%s', (page) => {
  const text = readFileSync(join(ROOT, page), 'utf8');

  it('describes each option of the command', () => {
    const described = text
      .split('\n')
      .filter((line) => line.startsWith('| `--'))
      .flatMap((line) => line.split('|')[1]?.match(/--[^`]+/g) ?? []);
    const { options } = desktopCommand(createTestSystem());
    expect(described.sort()).toEqual(options.map(({ flags }) => flags).sort());
  });
});

it('docs/desktop.md names the folders', () => {
  const text = readFileSync(join(ROOT, 'docs/desktop.md'), 'utf8');
  for (const [platform, home] of [
    ['linux', '~'],
    ['darwin', '~'],
  ] as const) {
    const { data, state } = foldersOf({ platform, env: {}, home });
    expect(text).toContain(data);
    expect(text).toContain(state);
  }
  const { data } = foldersOf({ platform: 'win32', env: { LOCALAPPDATA: 'C:\\Local' }, home: '' });
  expect(text).toContain(data.replace('C:\\Local', '%LOCALAPPDATA%'));
});
