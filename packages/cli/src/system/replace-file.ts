import { rename, rm, writeFile } from 'node:fs/promises';

/**
 * Writes a file in one step: after a crash it has the old content or the new one.
 *
 * @param mode - Permissions of the file. @defaultValue 0o666 without the bits of the umask
 */
export async function replaceFile(
  path: string,
  content: string | Uint8Array,
  mode: number = 0o666,
): Promise<void> {
  const written = `${path}.${process.pid}`;
  try {
    await writeFile(written, content, { mode });
    await rename(written, path);
  } catch (error) {
    await rm(written, { force: true });
    throw error;
  }
}
