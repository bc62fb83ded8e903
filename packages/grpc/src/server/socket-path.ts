import { VigilantError } from '@vigilant/core';
import { lstat, rm } from 'node:fs/promises';
import type { Stats } from 'node:fs';
import { connect } from 'node:net';

/**
 * Removes the socket that a killed server left at a path. Anything else stays where it is.
 *
 * @throws {VigilantError} `VIGILANT_OPTIONS_INVALID` if the path holds something other than a socket.
 */
export async function freeSocketPath(path: string): Promise<void> {
  const found = await statsOf(path);
  if (found === undefined) return;
  if (!found.isSocket())
    throw new VigilantError(
      'VIGILANT_OPTIONS_INVALID',
      `serveGrpc.socketPath: ${path} exists and is not a socket. Remove it, or choose another path.`,
    );
  if (!(await isAbandoned(path))) return;
  // Another server may have replaced it in the meantime.
  if ((await statsOf(path))?.ino === found.ino) await rm(path, { force: true });
}

function statsOf(path: string): Promise<Stats | undefined> {
  return lstat(path).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined;
    throw new VigilantError('VIGILANT_OPTIONS_INVALID', `serveGrpc.socketPath: ${error.message}.`, {
      cause: error,
    });
  });
}

function isAbandoned(path: string): Promise<boolean> {
  return new Promise((done) => {
    const socket = connect(path);
    socket.on('connect', () => {
      socket.destroy();
      done(false);
    });
    socket.on('error', (error: NodeJS.ErrnoException) => done(error.code === 'ECONNREFUSED'));
  });
}
