import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { LEVELS } from '../../src/event/event';
import { levelNames } from '../../src/event/level';

const page = readFileSync(new URL('../../../../docs/events.md', import.meta.url), 'utf8');

describe('docs/events.md', () => {
  it('lists every name of a level', () => {
    const documented = LEVELS.map((level) => {
      const row = new RegExp(`^\\| \`${level}\` +\\|(.*)\\|$`, 'm').exec(page)?.[1] ?? '';
      return [level, ...[...row.matchAll(/`([A-Z]+)`/g)].map(([, name]) => name)];
    });
    expect(documented).toEqual(LEVELS.map(levelNames));
  });
});
