import type { Clock } from '../clock';
import type { Socket } from 'node:net';

/** How long a connection stays open after everything is sent, so that its peer can read it, in milliseconds. */
const LINGER_MS = 500;

/** The open connections of a server. */
export interface Connections {
  add(socket: Socket): void;
  /**
   * Destroys each connection once its last byte is sent and its peer has had time to read it, and all of them after
   * `graceMs`. Otherwise a peer that keeps its side open would keep the process alive.
   *
   * @param closed - Resolves when no connection is open.
   */
  close(graceMs: number, closed: Promise<void>): Promise<void>;
}

/** Creates the set of the connections of a server. */
export function createConnections(clock: Clock): Connections {
  return new SocketSet(clock);
}

class SocketSet implements Connections {
  readonly #clock: Clock;
  readonly #sockets = new Set<Socket>();
  #isClosing = false;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  add(socket: Socket): void {
    this.#sockets.add(socket);
    socket.once('close', () => this.#sockets.delete(socket));
    socket.once('finish', () => this.#linger(socket));
  }

  async close(graceMs: number, closed: Promise<void>): Promise<void> {
    this.#isClosing = true;
    for (const socket of this.#sockets) this.#linger(socket);
    const timer = this.#clock.after(graceMs, () => this.#destroyAll(), { keepAlive: true });
    await closed;
    timer.cancel();
  }

  #linger(socket: Socket): void {
    if (!this.#isClosing || !socket.writableFinished) return;
    const timer = this.#clock.after(LINGER_MS, () => socket.destroy(), { keepAlive: true });
    socket.once('close', () => timer.cancel());
  }

  #destroyAll(): void {
    for (const socket of this.#sockets) socket.destroy();
  }
}
