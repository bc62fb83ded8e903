import type { ISocketFactory } from 'kafkajs';
import { connect, isIP } from 'node:net';
import type { Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';

const KEEP_ALIVE_MS = 30_000;

const CLOSED = 'the client is closed';

/** Makes the sockets of a client, so that all of them can be cut. */
export interface Sockets {
  readonly create: ISocketFactory;
  /** Cuts every connection and makes no more. */
  destroy(): void;
}

/** Creates a maker of sockets. */
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
      // kafkajs gives up what waits for an answer only at an error.
      for (const socket of open) socket.destroy(new Error(CLOSED));
    },
  };
}
