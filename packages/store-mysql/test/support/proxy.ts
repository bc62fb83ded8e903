import { once } from 'node:events';
import type { AddressInfo, Socket } from 'node:net';
import { connect, createServer } from 'node:net';

/** A TCP proxy between a store and its server. */
export interface Proxy {
  /** The URL of the server, with the address of the proxy. */
  readonly url: string;
  /** The number of connections accepted so far. */
  readonly accepted: number;
  /** Sends new connections to another server. Open connections stay where they are. */
  switchTo(serverUrl: string): void;
  /**
   * Stops all traffic without closing a connection, like a client that is frozen or has lost its network. Resolves once the
   * traffic has stopped.
   *
   * @param afterBytes - Bytes that the client may still send.
   * @param at - `answer` waits for the next answer of the server and drops it; `request` stops in the middle of a request.
   */
  freeze(afterBytes: number, at: 'answer' | 'request'): Promise<void>;
  close(): Promise<void>;
}

/** Starts a proxy on loopback in front of a server. */
export async function startProxy(serverUrl: string): Promise<Proxy> {
  let target = new URL(serverUrl);
  let accepted = 0;
  let freeze: { bytes: number; readonly at: 'answer' | 'request'; readonly onFrozen: () => void } | undefined;
  let isFrozen = false;
  const sockets = new Set<Socket>();

  const stopTraffic = (): void => {
    isFrozen = true;
    freeze?.onFrozen();
  };
  const onRequest = (chunk: Buffer, server: Socket): void => {
    if (isFrozen) return;
    const rest = freeze?.bytes ?? Infinity;
    if (freeze !== undefined) freeze.bytes -= chunk.length;
    if (freeze?.at === 'request' && rest <= chunk.length) stopTraffic();
    server.write(isFrozen ? chunk.subarray(0, rest) : chunk);
  };
  const onAnswer = (chunk: Buffer, client: Socket): void => {
    if (isFrozen) return;
    if (freeze?.at === 'answer' && freeze.bytes <= 0) stopTraffic();
    else client.write(chunk);
  };

  const proxy = createServer({ noDelay: true }, (client) => {
    accepted += 1;
    const server = connect({ host: target.hostname, port: Number(target.port), noDelay: true });
    sockets.add(client).add(server);
    client.on('data', (chunk: Buffer) => onRequest(chunk, server));
    server.on('data', (chunk: Buffer) => onAnswer(chunk, client));
    for (const [socket, other] of [
      [client, server],
      [server, client],
    ] as const)
      socket
        .on('error', () => {})
        // A frozen client does not close its connection.
        .on('close', () => isFrozen || other.destroy());
  });
  await once(proxy.listen(0, '127.0.0.1'), 'listening');
  const url = new URL(serverUrl);
  url.hostname = '127.0.0.1';
  url.port = String((proxy.address() as AddressInfo).port);
  return {
    url: url.href,
    get accepted() {
      return accepted;
    },
    switchTo: (next) => void (target = new URL(next)),
    freeze: (bytes, at) => new Promise((resolve) => (freeze = { bytes, at, onFrozen: resolve })),
    async close() {
      const closed = once(proxy.close(), 'close');
      for (const socket of sockets) socket.destroy();
      await closed;
    },
  };
}
