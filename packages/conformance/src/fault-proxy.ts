import { once } from 'node:events';
import type { AddressInfo, Socket } from 'node:net';
import { connect, createServer } from 'node:net';
import type { StoreFaults } from './store/harness';

/** A TCP proxy between an adapter and its server that interferes with the connection. */
export interface FaultProxy extends Required<StoreFaults> {
  /** The port of the proxy on 127.0.0.1. */
  readonly port: number;
  /** Closes the proxy and all connections. */
  close(): Promise<void>;
}

/**
 * Starts a proxy in front of a server, for the `faults` of a harness.
 *
 * `fail` resets all connections and rejects new ones. `stall` keeps connections open without forwarding data.
 */
export async function startFaultProxy(server: {
  readonly host: string;
  readonly port: number;
}): Promise<FaultProxy> {
  const proxy = new TcpProxy(server.host, server.port);
  await proxy.listen();
  return proxy;
}

class TcpProxy implements FaultProxy {
  readonly #host: string;
  readonly #port: number;
  readonly #sockets = new Set<Socket>();
  readonly #server = createServer({ noDelay: true }, (client) => this.#accept(client));
  #state: 'forwarding' | 'failing' | 'stalled' = 'forwarding';

  constructor(host: string, port: number) {
    this.#host = host;
    this.#port = port;
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  async listen(): Promise<void> {
    await once(this.#server.listen(0, '127.0.0.1'), 'listening');
  }

  fail(): void {
    this.#state = 'failing';
    for (const socket of this.#sockets) socket.destroy();
  }

  stall(): void {
    this.#state = 'stalled';
    for (const socket of this.#sockets) socket.pause();
  }

  restore(): void {
    this.#state = 'forwarding';
    for (const socket of this.#sockets) socket.resume();
  }

  async close(): Promise<void> {
    const closed = once(this.#server.close(), 'close');
    for (const socket of this.#sockets) socket.destroy();
    await closed;
  }

  #accept(client: Socket): void {
    if (this.#state === 'failing') {
      client.destroy();
      return;
    }
    const server = connect({ host: this.#host, port: this.#port, noDelay: true });
    this.#forward(client, server);
    this.#forward(server, client);
  }

  #forward(from: Socket, to: Socket): void {
    this.#sockets.add(from);
    from.on('data', (chunk) => to.write(chunk));
    from.on('error', () => {});
    from.on('close', () => {
      this.#sockets.delete(from);
      to.destroy();
    });
    if (this.#state === 'stalled') from.pause();
  }
}
