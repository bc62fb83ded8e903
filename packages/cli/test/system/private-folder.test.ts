import { chmodSync, mkdirSync, mkdtempSync, rmSync, statSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { ensurePrivateFolder } from '../../src/system/private-folder';

const userId = process.getuid?.();

function parent(): string {
  const folder = mkdtempSync(join(tmpdir(), 'vigilant-cli-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

describe('ensurePrivateFolder', () => {
  it('creates a folder that only its user may open, with its parents', async () => {
    const folder = join(parent(), 'a', 'b');
    await ensurePrivateFolder(folder, { userId });
    expect(statSync(folder).mode & 0o777).toBe(0o700);
  });

  it('removes the access of other users to an existing folder', async () => {
    const folder = join(parent(), 'a');
    mkdirSync(folder);
    chmodSync(folder, 0o755);
    await ensurePrivateFolder(folder, { userId });
    expect(statSync(folder).mode & 0o777).toBe(0o700);
  });

  it('rejects a folder of another user', async () => {
    const folder = join(parent(), 'a');
    mkdirSync(folder);
    await expect(ensurePrivateFolder(folder, { userId: (userId ?? 0) + 1 })).rejects.toThrow(
      `user ${userId} owns it. Remove it, or run the command as that user.`,
    );
  });

  it('rejects a link to a folder', async () => {
    const folder = parent();
    symlinkSync(folder, join(folder, 'link'));
    await expect(ensurePrivateFolder(join(folder, 'link'), { userId })).rejects.toThrow('is not a folder');
  });
});
