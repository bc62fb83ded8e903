import type { ISocketFactory } from 'kafkajs';
import { connect, isIP } from 'node:net';
import type { Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';

const KEEP_ALIVE_MS = 30_000;

const CLOSED = 'the client is closed';

/** Creates the sockets of a client, and destroys all of them at once. */
export interface Sockets {
  readonly create: ISocketFactory;
  /** Destroys every socket. No more can be created. */
  destroy(): void;
}

/** Creates the socket factory of a client. */
export function createSockets(): Sockets {
  const open = new Set<Socket>();
  let isClosed = false;
  return {
    create({ host, port, ssl, onConnect }) {
      if (isClosed) throw new Error(CLOSED);
      const socket = ssl
        ? connectTls({ host, port, ...(isIP(host) ? {} : { servername: host }), ...ssl }, onConnect)
        : connect({ host, port }, onConnect);
      socket.setKeepAlive(true, KEEP_ALIVE_MS);
      socket.setNoDelay(true);
      open.add(socket);
      socket.once('close', () => open.delete(socket));
      return socket;
    },
    destroy() {
      isClosed = true;
      // kafkajs rejects pending requests only after an error.
      for (const socket of open) socket.destroy(new Error(CLOSED));
    },
  };
}
