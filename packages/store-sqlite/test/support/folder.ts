import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';

/** A temporary folder of one test. */
export interface Folder {
  readonly path: string;
  file(name: string): string;
  /** Deletes a folder inside this one although an engine may create files in it meanwhile. */
  removeInUse(name: string): void;
  remove(): void;
}

const MAX_ATTEMPTS = 100;

export function createFolder(): Folder {
  const path = mkdtempSync(join(tmpdir(), 'vigilant-sqlite-'));
  return {
    path,
    file: (name) => join(path, name),
    removeInUse: (name) => removeInUse(join(path, name)),
    remove: () => rmSync(path, { recursive: true, force: true }),
  };
}

/** Creates a folder that is removed at the end of the test. */
export function temporaryFolder(): Folder {
  const folder = createFolder();
  onTestFinished(() => folder.remove());
  return folder;
}

/** The retries of `rmSync` repeat only the removal of the folder, not of the files that appeared in it. */
function removeInUse(path: string): void {
  for (let attempt = 1; existsSync(path); attempt++) {
    try {
      rmSync(path, { recursive: true, force: true });
    } catch (error) {
      if (attempt === MAX_ATTEMPTS || (error as NodeJS.ErrnoException).code !== 'ENOTEMPTY') throw error;
    }
  }
}
