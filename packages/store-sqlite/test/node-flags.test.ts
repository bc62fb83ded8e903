import type { ExecFileSyncOptions } from 'node:child_process';
import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import { beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { bundleProgram } from '../../../scripts/lib/bundle.mjs';
import type { Folder } from './support/folder';
import { createFolder } from './support/folder';

let program: string;

beforeAll(async () => {
  program = await bundleProgram('packages/store-sqlite/test/programs/open-once.ts');
});

function temporaryFolder(): Folder {
  const folder = createFolder();
  onTestFinished(() => folder.remove());
  return folder;
}

/** Runs Node.js and returns what the program prints. */
function run(args: readonly string[], options: ExecFileSyncOptions = {}): unknown {
  const output = execFileSync(process.execPath, args, {
    stdio: ['ignore', 'pipe', 'ignore'],
    timeout: 30_000,
    ...options,
  });
  return JSON.parse(String(output));
}

/** Returns the arguments of a run in a new folder. */
function inFolder(): readonly string[] {
  return [program, temporaryFolder().path];
}

const PERMISSION = ['--experimental-permission', '--allow-fs-read=*'];

describe('sqlite()', () => {
  it('works in a module from --input-type=module', () => {
    const code = `await import(${JSON.stringify(pathToFileURL(program).href)})`;
    expect(run(['--input-type=module', '-e', code, ...inFolder()])).toEqual({ found: 1 });
  });

  it('does not run preloaded modules in its threads', () => {
    const folder = temporaryFolder();
    const runs = folder.file('runs.txt');
    const preload = folder.file('preload.cjs');
    writeFileSync(preload, `require('node:fs').appendFileSync(${JSON.stringify(runs)}, 'x');`);
    const env = { ...process.env, NODE_OPTIONS: `--require ${preload}` };
    expect(run(['--require', preload, ...inFolder()], { env })).toEqual({ found: 1 });
    // Node.js loads a module once in each thread.
    expect(readFileSync(runs, 'utf8')).toBe('x');
  });

  it('works under the permission model with all rights', () => {
    const flags = [...PERMISSION, '--allow-fs-write=*', '--allow-worker', '--allow-addons'];
    expect(run([...flags, ...inFolder()])).toEqual({ found: 1 });
  });

  it.each([
    ['--no-addons', ['--no-addons'], '--no-addons'],
    ['a permission model without --allow-worker', [...PERMISSION, '--allow-fs-write=*'], '--allow-worker'],
    [
      'a permission model without --allow-addons',
      [...PERMISSION, '--allow-fs-write=*', '--allow-worker'],
      '--allow-addons',
    ],
  ])('rejects with VIGILANT_DRIVER_MISSING and the flag to change under %s', (_, flags, remedy) => {
    expect(run([...flags, ...inFolder()])).toEqual({
      code: 'VIGILANT_DRIVER_MISSING',
      retryable: false,
      message: expect.stringContaining(remedy),
      cause: expect.stringMatching(/disabled|restricted/),
    });
  });

  it('names the flag for a folder that the permission model does not allow to write', () => {
    expect(run([...PERMISSION, '--allow-worker', '--allow-addons', ...inFolder()])).toMatchObject({
      code: 'VIGILANT_STORE_UNAVAILABLE',
      message: expect.stringMatching(/Start it with --allow-fs-write for this folder\.$/),
    });
  });
});
