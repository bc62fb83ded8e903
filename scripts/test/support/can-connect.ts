import { once } from 'node:events';
import { connect } from 'node:net';

/** Codes of a connection to a port that nothing listens on, or whose server is closing. */
const REFUSALS: ReadonlySet<string | undefined> = new Set(['ECONNREFUSED', 'ECONNRESET']);

/** Returns whether a server listens on a port of the loopback address. */
export async function canConnect(port: number): Promise<boolean> {
  const socket = connect(port, '127.0.0.1');
  try {
    await once(socket, 'connect');
    return true;
  } catch (error) {
    if (!REFUSALS.has((error as NodeJS.ErrnoException).code)) throw error;
    return false;
  } finally {
    socket.destroy();
  }
}
