import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { createFolder } from '../../src/util/create-folder';

function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'vigilant-core-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  return folder;
}

describe('createFolder', () => {
  it('creates a folder and its parents with a mode, and accepts one that exists', () => {
    const base = temporaryFolder();
    for (let call = 0; call < 2; call += 1) createFolder(join(base, 'a/b'), 0o700);
    for (const name of ['a', 'a/b']) expect(statSync(join(base, name)).mode & 0o777).toBe(0o700);
  });

  it('rejects a path below a file', () => {
    const file = join(temporaryFolder(), 'file');
    writeFileSync(file, '');
    expect(() => createFolder(join(file, 'a'))).toThrow('ENOTDIR');
  });

  it.runIf(process.platform === 'linux')('rejects a path in /proc', () => {
    expect(() => createFolder('/proc/vigilant/data')).toThrow('ENOENT');
  });
});
