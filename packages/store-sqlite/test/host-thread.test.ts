import { execFileSync } from 'node:child_process';
import { expect, it, onTestFinished } from 'vitest';
import { bundleProgram } from '../../../scripts/lib/bundle.mjs';
import { createFolder } from './support/folder';

it('runs no SQL on the thread of the host, which does not even load the library', async () => {
  const folder = createFolder();
  onTestFinished(() => folder.remove());
  const program = await bundleProgram('packages/store-sqlite/test/programs/embed.ts');
  const output = execFileSync(process.execPath, [program, folder.path], { encoding: 'utf8' });
  expect(JSON.parse(output)).toEqual({ found: 100, native: [], libraries: [] });
});
