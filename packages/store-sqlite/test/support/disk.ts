import { execFileSync } from 'node:child_process';
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { createFolder } from './folder';

/** Mounts a separate file system and returns its folder; `undefined` if this user may not mount one. */
export function mountDisk(mebibytes: number): string | undefined {
  const folder = createFolder();
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${mebibytes}m`, 'tmpfs', folder.path], {
      stdio: 'ignore',
    });
  } catch {
    folder.remove();
    console.warn(
      'This user may not mount a file system: it is NOT tested what happens when the disk is full.',
    );
    return undefined;
  }
  onTestFinished(() => {
    execFileSync('umount', ['-l', folder.path]);
    folder.remove();
  });
  return folder.path;
}

/** Fills the free space of a disk; returns a function that frees it. */
export function fillDisk(disk: string): () => void {
  const fillers: string[] = [];
  try {
    for (let n = 0; ; n += 1) {
      fillers.push(join(disk, `filler-${n}`));
      writeFileSync(fillers[n] as string, Buffer.alloc(64 * 1024));
    }
  } catch {
    // The disk is full.
  }
  return () => fillers.forEach((file) => rmSync(file, { force: true }));
}
