import { chmodSync, closeSync, existsSync, mkdirSync, openSync, readFileSync } from 'node:fs';
import { dirname, resolve, sep } from 'node:path';
import type { DiagnosticSink } from '@vigilant/core';

/** File systems on which the locks and shared memory of SQLite are not to be relied on. */
const REMOTE =
  /^(nfs\d?|cifs|smb\d?|smbfs|9p|fuse\..*|fuseblk|afs|ceph|glusterfs|lustre|vboxsf|virtiofs|drvfs)$/;

/** Makes the folder (0700) and the file (0600) of a database, if they are not there; gives its absolute path. */
export function prepareFile(path: string): string {
  const file = resolve(path);
  const folder = dirname(file);
  if (!existsSync(folder)) mkdirSync(folder, { recursive: true, mode: 0o700 });
  if (!existsSync(file)) {
    closeSync(openSync(file, 'a', 0o600));
    chmodSync(file, 0o600);
  }
  return file;
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
