import type { ConnectionOptions } from 'mysql2';
import { createConnection } from 'mysql2';
import type { Connection } from 'mysql2/promise';

/** Connects to a server. Rejects with the reason of the signal, and destroys the socket, when the signal aborts. */
export function connect(options: ConnectionOptions, signal?: AbortSignal): Promise<Connection> {
  return new Promise((resolve, reject) => {
    if (signal?.aborted === true) return reject(signal.reason as Error);
    const connection = createConnection(options);
    const onAbort = (): void => {
      reject(signal?.reason as Error);
      // The driver would wait for the server. An error of the socket ends that wait and stops its timer. The driver sets properties
      // of that error, so it must not be the reason of the signal, whose `code` may be read-only.
      const { stream } = connection as unknown as { stream: { destroy(error: Error): void } };
      stream.destroy(new Error('The connection attempt was aborted.'));
    };
    signal?.addEventListener('abort', onAbort, { once: true });
    connection.once('connect', () => {
      signal?.removeEventListener('abort', onAbort);
      resolve(connection.promise());
    });
    connection.on('error', (error) => {
      signal?.removeEventListener('abort', onAbort);
      reject(error);
    });
  });
}
