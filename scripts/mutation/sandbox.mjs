import { execFileSync } from 'node:child_process';
import { copyFileSync, existsSync, mkdirSync, rmSync, symlinkSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { ROOT } from '../lib/setup.mjs';

/**
 * Copies the sources of this workspace, so that mutants never change the originals. The installed packages are shared.
 *
 * @returns {{ path: string, remove: () => void }}
 */
export function createSandbox() {
  const path = join(ROOT, '.cache', 'mutation', String(process.pid));
  const listed = execFileSync('git', ['ls-files', '-co', '--exclude-standard', '-z'], { cwd: ROOT });
  for (const file of listed.toString().split('\0').filter(Boolean)) {
    // Git lists deleted files until their deletion is committed.
    if (!existsSync(join(ROOT, file))) continue;
    mkdirSync(dirname(join(path, file)), { recursive: true });
    copyFileSync(join(ROOT, file), join(path, file));
  }
  symlinkSync(join(ROOT, 'node_modules'), join(path, 'node_modules'), 'junction');
  return { path, remove: () => rmSync(path, { recursive: true, force: true }) };
}
