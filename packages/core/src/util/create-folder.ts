import { existsSync, mkdirSync } from 'node:fs';
import { dirname } from 'node:path';

/**
 * Creates a folder and its parents with an access mode, unless they exist. The recursive `mkdir` of Node.js never returns where a
 * folder cannot exist, such as in `/proc`.
 *
 * @throws {Error} of the system if a folder cannot be created
 */
export function createFolder(folder: string, mode?: number): void {
  if (existsSync(folder)) return;
  const parent = dirname(folder);
  if (parent !== folder) createFolder(parent, mode);
  try {
    mkdirSync(folder, { mode });
  } catch (error) {
    // Another process may have created it meanwhile.
    if (!existsSync(folder)) throw error;
  }
}
