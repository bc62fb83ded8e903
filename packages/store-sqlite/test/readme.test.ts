import { execFileSync } from 'node:child_process';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it, onTestFinished } from 'vitest';
import { bundleProgram } from '../../../scripts/lib/bundle.mjs';
import { createFolder } from './support/folder';

const ROOT = fileURLToPath(new URL('../../..', import.meta.url));
const README = join(ROOT, 'packages/store-sqlite/README.md');

describe('the README', () => {
  it('has a program that runs', async () => {
    const folder = createFolder();
    onTestFinished(() => folder.remove());
    const [, code = ''] = /```js\n(.*?)```/s.exec(readFileSync(README, 'utf8')) ?? [];
    const source = 'packages/store-sqlite/test/programs/.readme.mjs';
    writeFileSync(join(ROOT, source), code);
    onTestFinished(() => rmSync(join(ROOT, source)));
    const program = await bundleProgram(source);
    const output = execFileSync(process.execPath, [program], { cwd: folder.path, encoding: 'utf8' });
    expect(output).toBe('order placed\n');
  });
});
