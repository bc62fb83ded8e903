import { execFileSync } from 'node:child_process';
import { describe, expect, it, onTestFinished } from 'vitest';
import { bundleProgram } from '../../../scripts/lib/bundle.mjs';
import { createFolder } from './support/folder';

describe('sqlite()', () => {
  it('does not load the library on the main thread', async () => {
    const folder = createFolder();
    onTestFinished(() => folder.remove());
    const program = await bundleProgram('packages/store-sqlite/test/programs/embed.ts');
    const output = execFileSync(process.execPath, [program, folder.path], { encoding: 'utf8' });
    expect(JSON.parse(output)).toEqual({ found: 100, native: [], libraries: [] });
  });
});
