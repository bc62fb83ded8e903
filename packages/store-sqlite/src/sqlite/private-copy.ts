import {
  closeSync,
  constants,
  copyFileSync,
  mkdirSync,
  openSync,
  readSync,
  rmSync,
  writeSync,
} from 'node:fs';
import { basename, join } from 'node:path';
import { VigilantError } from '@vigilant/core';
import { reasonOf } from '@vigilant/core/adapter';

const CHUNK_BYTES = 8 * 1024 * 1024;

/**
 * Copies files into a new folder (0700), which replaces one of the same name, and returns the path of the first copy.
 *
 * @throws {VigilantError} `VIGILANT_STORE_UNAVAILABLE`
 */
export function copyPrivately(files: readonly [string, ...string[]], folder: string): string {
  try {
    removeCopy(folder);
    mkdirSync(folder, { mode: 0o700 });
    for (const file of files) copyFile(file, join(folder, basename(file)));
    return join(folder, basename(files[0]));
  } catch (error) {
    removeCopy(folder);
    throw notCopied(files[0], folder, error);
  }
}

/** Creates the error of a copy that could not be made or opened. */
export function notCopied(file: string, folder: string, cause: unknown): VigilantError {
  return new VigilantError(
    'VIGILANT_STORE_UNAVAILABLE',
    `${file} cannot be copied to ${folder} (${reasonOf(cause)}), and it cannot be read without a copy or a change of its folder. ` +
      'Free some space for the copy, or set TMPDIR to a folder with enough space.',
    { cause },
  );
}

/** Removes the folder of a copy, unless the system keeps it because its files are open. Never throws. */
export function removeCopy(folder: string): void {
  try {
    rmSync(folder, { recursive: true, force: true });
  } catch {
    // The store tries again when it is closed.
  }
}

/** Copies a file. Shares its blocks if the file system supports that. */
function copyFile(from: string, to: string): void {
  try {
    copyFileSync(from, to, constants.COPYFILE_FICLONE_FORCE);
  } catch {
    copyBytes(from, to);
  }
}

/** Copies a file in chunks, between which the thread can be terminated. */
function copyBytes(from: string, to: string): void {
  const buffer = Buffer.allocUnsafe(CHUNK_BYTES);
  const source = openSync(from, 'r');
  try {
    const target = openSync(to, 'w', 0o600);
    try {
      for (let read = 1; read > 0;) {
        read = readSync(source, buffer, 0, CHUNK_BYTES, null);
        for (let written = 0; written < read;)
          written += writeSync(target, buffer, written, read - written, null);
      }
    } finally {
      closeSync(target);
    }
  } finally {
    closeSync(source);
  }
}
