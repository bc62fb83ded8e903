import { spawnSync } from 'node:child_process';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { copyDriver } from './support/copied-packages';
import { packPackage } from './support/packed-packages';
import type { TemporaryApp } from './support/temporary-app';
import { createTemporaryApp } from './support/temporary-app';

/** When a suite installs fake timers: never, or after or before it loads Vigilant. */
type Fakes = 'none' | 'after' | 'before';

interface Runner {
  readonly title: string;
  readonly args: readonly string[];
  /** Extension of its files: `js` is CommonJS. */
  readonly extension: 'js' | 'mjs';
  /** Statement that imports what the runner does not declare globally. */
  readonly imports: string;
  readonly fake: string;
  readonly restore: string;
  readonly fakes: readonly Fakes[];
}

const JEST = {
  args: ['node_modules/jest/bin/jest.js', '--testTimeout=60000'],
  extension: 'js',
  imports: '',
  fake: 'jest.useFakeTimers();',
  restore: 'jest.useRealTimers();',
  fakes: ['none', 'after', 'before'],
} as const;

const NODE = {
  fake: 'mock.timers.enable();',
  restore: 'mock.timers.reset();',
  // They also replace the functions of `node:timers`, see docs/troubleshooting.md.
  fakes: ['none', 'after'],
} as const;

const RUNNERS: readonly Runner[] = [
  { ...JEST, title: 'Jest' },
  { ...JEST, title: 'Jest with --detectOpenHandles', args: [...JEST.args, '--detectOpenHandles'] },
  {
    ...JEST,
    title: 'Jest with ES modules',
    args: ['--experimental-vm-modules', ...JEST.args, '--detectOpenHandles'],
    extension: 'mjs',
    imports: `import { jest } from '@jest/globals';`,
  },
  {
    title: 'Vitest',
    args: ['node_modules/vitest/vitest.mjs', 'run', '--testTimeout=60000', '--hookTimeout=60000'],
    extension: 'mjs',
    imports: `import { afterAll, beforeAll, describe, it, vi } from 'vitest';`,
    fake: 'vi.useFakeTimers();',
    restore: 'vi.useRealTimers();',
    fakes: ['none', 'after', 'before'],
  },
  {
    ...NODE,
    title: 'node:test',
    args: ['--test'],
    extension: 'js',
    imports: `const { after: afterAll, before: beforeAll, describe, it, mock } = require('node:test');`,
  },
  {
    ...NODE,
    title: 'node:test with ES modules',
    args: ['--test'],
    extension: 'mjs',
    imports: `import { after as afterAll, before as beforeAll, describe, it, mock } from 'node:test';`,
  },
];

/** Returns the text of a suite with an engine on SQLite and one in memory. */
function suite({ extension, imports, fake, restore }: Runner, fakes: Fakes): string {
  const load = extension === 'js' ? 'require' : 'await import';
  return `${imports}
for (const name of ['sqlite', 'memory']) {
  describe(name, () => {
    let equal;
    let vigilant;
    beforeAll(async () => {
      ({ equal } = ${load}('node:assert/strict'));
      ${fakes === 'before' ? fake : ''}
      const { createVigilant } = ${load}('@vigilant/core');
      const { sqlite } = ${load}('@vigilant/store-sqlite');
      ${fakes === 'after' ? fake : ''}
      vigilant = createVigilant(name === 'sqlite' ? sqlite('data-${fakes}-' + process.pid) : undefined);
    });
    afterAll(async () => {
      equal((await vigilant.close()).lost, 0);
      ${fakes === 'none' ? '' : restore}
    });
    it('answers a query', async () => {
      vigilant.info('first');
      const { events } = await vigilant.query('first');
      equal(events.length, 1);
    });
  });
}
`;
}

/** The environment without variables of the runner of this test. */
const ENV = {
  ...Object.fromEntries(
    Object.entries(process.env).filter(([name]) => !/^(VITEST|NODE_|FORCE_COLOR)/.test(name)),
  ),
  NO_COLOR: '1',
};

const REPORTED_HANDLES = /did not exit|open handle|failed to exit|close timed out|hanging|unhandled/i;

let app: TemporaryApp;

beforeAll(() => {
  app = createTemporaryApp('suites');
  const packed = ['core', 'store-sqlite'].map((name) => packPackage(name, app.root));
  app.install('jest@30', 'vitest@4.1', ...packed);
  copyDriver(app.modules);
}, 600_000);

afterAll(() => app.remove());

describe('a test suite that uses the packed packages', () => {
  it.each(RUNNERS)(
    'passes and ends by itself under $title',
    (runner) => {
      const files = runner.fakes.map((fakes) => {
        const file = `${runner.title.replaceAll(/\W/g, '-')}/${fakes}.test.${runner.extension}`;
        app.write(file, suite(runner, fakes));
        return file;
      });
      const { status, signal, stdout, stderr } = spawnSync(process.execPath, [...runner.args, ...files], {
        cwd: app.folder,
        env: ENV,
        encoding: 'utf8',
        timeout: 120_000,
      });
      const output = `${stdout}${stderr}`;
      expect({ status, signal }, output).toEqual({ status: 0, signal: null });
      expect(output).not.toMatch(REPORTED_HANDLES);
      const count = runner.fakes.length * 2;
      expect(output).toMatch(new RegExp(`\\b(pass ${count}|${count} passed)\\b`));
    },
    150_000,
  );
});
