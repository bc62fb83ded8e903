import { lstat, rm } from 'node:fs/promises';
import type { Stats } from 'node:fs';
import { connect } from 'node:net';
import { optionError } from '../option-checks';

/**
 * Removes the socket that a killed server left at a path. Anything else stays where it is.
 *
 * @param name - Names the option, such as `serveGrpc.socketPath`.
 * @throws {VigilantError} `VIGILANT_OPTIONS_INVALID` if the path holds something other than a socket.
 */
export async function freeSocketPath(path: string, name: string): Promise<void> {
  const found = await statsOf(path, name);
  if (found === undefined) return;
  if (!found.isSocket())
    throw optionError(`${name}: ${path} exists and is not a socket. Remove it, or choose another path.`, {
      field: name,
      code: 'invalid_value',
      reason: 'exists and is not a socket',
    });
  if (!(await isAbandoned(path))) return;
  // Another server may have replaced it in the meantime.
  if ((await statsOf(path, name))?.ino === found.ino) await rm(path, { force: true });
}

function statsOf(path: string, name: string): Promise<Stats | undefined> {
  return lstat(path).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined;
    const violation = { field: name, code: 'invalid_value', reason: error.message };
    throw optionError(`${name}: ${error.message}.`, violation, error);
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
