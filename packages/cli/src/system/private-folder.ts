import { createFolder } from '@vigilant/core/adapter';
import { chmod, lstat } from 'node:fs/promises';
import type { System } from './system';
import { CliError } from './system';

/**
 * Creates a folder that only this user may open, unless it exists.
 *
 * @throws {CliError} if the folder belongs to another user, or is not a folder
 */
export async function ensurePrivateFolder(path: string, { userId }: Pick<System, 'userId'>): Promise<void> {
  createFolder(path, 0o700);
  // On Windows a folder below the home folder has the access rights of the home folder.
  if (userId === undefined) return;
  const found = await lstat(path);
  if (!found.isDirectory())
    throw new CliError(`${path} is not a folder, but a link or another kind of file. Remove it.`);
  if (found.uid !== userId)
    throw new CliError(
      `${path} does not belong to this user: user ${found.uid} owns it. Remove it, or run the command as that user.`,
    );
  if ((found.mode & 0o077) !== 0) await chmod(path, 0o700);
}
