import { closeSync, existsSync, openSync, readFileSync } from 'node:fs';
import { dirname, resolve, sep } from 'node:path';
import type { DiagnosticSink, ErrorCode } from '@vigilant/core';
import { VigilantError } from '@vigilant/core';
import { createFolder, reasonOf } from '@vigilant/core/adapter';
import { describeFileError, findMissingRight } from '../sqlite/file-errors';

/** Maximum length of the path of a database on systems other than Windows, where the limit is much higher. */
const MAX_PATH_BYTES = 480;

const READ_ONLY_HINT = ' To read existing events only, use readOnly: true.';

/** File systems on which the locks and the shared memory of SQLite are unreliable. */
const REMOTE =
  /^(nfs\d?|cifs|smb\d?|smbfs|9p|fuse\..*|fuseblk|afs|ceph|glusterfs|lustre|vboxsf|virtiofs|drvfs)$/;

/**
 * Creates the folder (0700) and the file (0600) of a database unless they exist; returns the absolute path.
 *
 * @throws {VigilantError} with the given code if that fails
 */
export function prepareFile(path: string, code: ErrorCode): string {
  const file = resolve(path);
  checkLength(file, code);
  try {
    createFolder(dirname(file), 0o700);
    if (!existsSync(file)) closeSync(openSync(file, 'a', 0o600));
  } catch (error) {
    const reason = describeFileError(error) ?? `(${reasonOf(error)})`;
    throw new VigilantError(code, `${file} cannot be created ${reason}`, { cause: error });
  }
  const missing = findMissingRight(file);
  if (missing !== undefined)
    throw new VigilantError(code, `${file} cannot be opened: ${missing}${READ_ONLY_HINT}`);
  return file;
}

/** Checks the length of a path, because SQLite reports one that is too long as a missing file. */
function checkLength(file: string, code: ErrorCode): void {
  const bytes = Buffer.byteLength(file);
  if (bytes <= MAX_PATH_BYTES || process.platform === 'win32') return;
  const message =
    `The path ${file} has ${bytes} bytes. SQLite opens paths of up to 512 bytes, of which Vigilant uses ` +
    `${512 - MAX_PATH_BYTES} for the names of further files. Choose a path of at most ${MAX_PATH_BYTES} bytes.`;
  throw new VigilantError(code, message, { retryable: false });
}

/** Reports a database on a network file system. */
export function warnIfRemote(
  file: string,
  component: string,
  diagnostics: DiagnosticSink,
  mounts: () => string = readMounts,
): void {
  const type = fileSystemOf(file, mounts());
  if (type === undefined || !REMOTE.test(type)) return;
  diagnostics({
    level: 'warn',
    component,
    code: 'remote-file-system',
    message: `${file} is on a network file system (${type}), where SQLite can lose or damage data. Move it to a local disk.`,
    details: { file, type },
  });
}

/** Returns the type of the file system of a file, from the content of `/proc/mounts`. */
export function fileSystemOf(file: string, mounts: string): string | undefined {
  let found: { point: string; type: string } | undefined;
  for (const line of mounts.split('\n')) {
    const [, rawPoint, type] = line.split(' ');
    if (rawPoint === undefined || type === undefined) continue;
    const point = rawPoint.replace(/\\(\d{3})/g, (_, octal: string) =>
      String.fromCharCode(parseInt(octal, 8)),
    );
    const isAbove = point === sep || file === point || file.startsWith(point + sep);
    if (isAbove && point.length >= (found?.point.length ?? 0)) found = { point, type };
  }
  return found?.type;
}

function readMounts(): string {
  try {
    return readFileSync('/proc/mounts', 'utf8');
  } catch {
    return '';
  }
}
