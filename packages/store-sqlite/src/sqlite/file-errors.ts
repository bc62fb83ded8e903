import { accessSync, constants, existsSync } from 'node:fs';
import { dirname } from 'node:path';
import { reasonOf } from '@vigilant/core/adapter';

/** An error of the file system or of the permission model of Node.js. */
interface FileError extends Error {
  readonly code: string;
  readonly permission?: string;
}

/** What a file is needed for. */
type Access = 'read' | 'read and write';

/** Describes an error of the file system: the reason in parentheses, then the remedy. Returns `undefined` for other errors. */
export function describeFileError(error: unknown, access: Access = 'read and write'): string | undefined {
  return isFileError(error) ? `(${reasonOf(error)}). ${remedyOf(error, access)}` : undefined;
}

/**
 * Describes the right that this user lacks to write a database, its log or their folder, and the remedy. Returns `undefined` if it
 * lacks none.
 */
export function findMissingRight(file: string): string | undefined {
  const folder = dirname(file);
  for (const path of [folder, file, `${file}-wal`, `${file}-shm`]) {
    if (path !== folder && !existsSync(path)) continue;
    try {
      accessSync(path, path === folder ? constants.W_OK | constants.X_OK : constants.R_OK | constants.W_OK);
    } catch (error) {
      const subject = path === folder ? `the folder ${folder}` : path;
      return `${subject} cannot be ${path === folder ? 'written' : 'read and written'} ${describeFileError(error) ?? ''}`;
    }
  }
  return undefined;
}

function isFileError(error: unknown): error is FileError {
  if (!(error instanceof Error)) return false;
  const { code, syscall } = error as Error & { readonly code?: unknown; readonly syscall?: unknown };
  return code === 'ERR_ACCESS_DENIED' || (typeof code === 'string' && typeof syscall === 'string');
}

function remedyOf({ code, permission }: FileError, access: Access): string {
  switch (code) {
    case 'ERR_ACCESS_DENIED': {
      const flag = permission === 'FileSystemRead' ? '--allow-fs-read' : '--allow-fs-write';
      return `Node.js runs with its permission model. Start it with ${flag} for this folder.`;
    }
    case 'EACCES':
    case 'EPERM':
      return `Allow ${userName()} to ${access} it, such as with chown or chmod, or choose another folder.`;
    case 'EROFS':
      return 'Its file system is mounted read-only. Choose another folder.';
    case 'ENAMETOOLONG':
      return 'Choose a shorter path.';
    default:
      return 'Choose a folder that this user can write to.';
  }
}

function userName(): string {
  const uid = process.getuid?.();
  return uid === undefined ? 'this user' : `this user (uid ${uid})`;
}
