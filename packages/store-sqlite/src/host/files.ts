import { chmodSync, closeSync, existsSync, mkdirSync, openSync, readFileSync } from 'node:fs';
import { dirname, resolve, sep } from 'node:path';
import type { DiagnosticSink, ErrorCode } from '@vigilant/core';
import { VigilantError } from '@vigilant/core';

/** File systems on which the locks and shared memory of SQLite are not to be relied on. */
const REMOTE =
  /^(nfs\d?|cifs|smb\d?|smbfs|9p|fuse\..*|fuseblk|afs|ceph|glusterfs|lustre|vboxsf|virtiofs|drvfs)$/;

/**
 * Makes the folder (0700) and the file (0600) of a database, if they are not there; gives its absolute path.
 *
 * @throws {VigilantError} with this code, when that cannot be done
 */
export function prepareFile(path: string, code: ErrorCode): string {
  const file = resolve(path);
  const folder = dirname(file);
  try {
    makeFolder(folder);
    if (!existsSync(file)) {
      closeSync(openSync(file, 'a', 0o600));
      chmodSync(file, 0o600);
    }
    return file;
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    const remedy = 'give a folder that this user may write to';
    throw new VigilantError(code, `${file} cannot be made (${reason}); ${remedy}.`, { cause: error });
  }
}

/** Makes a folder and those above it. The recursive `mkdir` of Node does not end where a folder cannot exist, as in `/proc`. */
function makeFolder(folder: string): void {
  if (existsSync(folder)) return;
  const parent = dirname(folder);
  if (parent !== folder) makeFolder(parent);
  try {
    mkdirSync(folder, { mode: 0o700 });
  } catch (error) {
    // Another process may have made it meanwhile.
    if (!existsSync(folder)) throw error;
  }
}

/** Warns when a database lies on a file system that other machines share. */
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
    message: `${file} lies on ${type}, where SQLite can lose or damage data; move it to a disk of this machine.`,
    details: { file, type },
  });
}

/** The type of the file system that holds a file, by the table of mounts as Linux writes it. */
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
