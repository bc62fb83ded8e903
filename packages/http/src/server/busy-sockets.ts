import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';

/** Tracks which connections have a running request. Connections with an incomplete request header are idle. */
export interface BusySockets {
  add(socket: Socket): void;
  /** Marks the connection of a request as busy until the response has ended. */
  start(incoming: IncomingMessage, outgoing: ServerResponse): void;
  /** Ends each connection as soon as it is idle. */
  endIdle(): void;
}

/** Creates the set of the connections of a server. */
export function createBusySockets(): BusySockets {
  return new SocketCounter();
}

class SocketCounter implements BusySockets {
  /** Number of running requests. */
  readonly #requests = new Map<Socket, number>();
  #isEnding = false;

  add(socket: Socket): void {
    this.#requests.set(socket, 0);
    socket.once('close', () => this.#requests.delete(socket));
  }

  start({ socket }: IncomingMessage, outgoing: ServerResponse): void {
    if (this.#isEnding) outgoing.shouldKeepAlive = false;
    this.#count(socket, 1);
    outgoing.once('close', () => {
      this.#count(socket, -1);
      if (this.#isEnding) this.#endIfIdle(socket);
    });
  }

  endIdle(): void {
    this.#isEnding = true;
    for (const socket of this.#requests.keys()) this.#endIfIdle(socket);
  }

  #count(socket: Socket, change: number): void {
    const count = this.#requests.get(socket);
    if (count !== undefined) this.#requests.set(socket, count + change);
  }

  #endIfIdle(socket: Socket): void {
    if (this.#requests.get(socket) === 0) socket.end();
  }
}
