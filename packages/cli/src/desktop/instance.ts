import { isVigilantError } from '@vigilant/core';
import type { Listener } from '@vigilant/core/adapter';
import { listen, reasonOf, withTimeout } from '@vigilant/core/adapter';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import type { Server, Socket } from 'node:net';
import { connect, createServer } from 'node:net';
import { join } from 'node:path';
import type { System } from '../system/system';
import { CliError } from '../system/system';

/** How long the running instance may take to open a window, in milliseconds. It waits up to 30 s for the browser. */
const ANSWER_MS = 40_000;

/** Maximum attempts to start while other processes start and stop. */
const MAX_ATTEMPTS = 5;

/** Error codes of an address at which no instance is running. */
const ABSENT = ['ENOENT', 'ECONNREFUSED', 'ECONNRESET', 'EPIPE'];

/** The only instance of a target. */
export interface Instance {
  /** Sets the function that opens a window for a later start. Requests wait for it. */
  onOpen(open: () => Promise<void>): void;
  /**
   * Leaves further requests unanswered, because this process is about to end. After `close`, the processes that sent them
   * become instances themselves.
   */
  stopAnswering(): void;
  close(): Promise<void>;
}

/**
 * Returns where the instance of a target listens: a Unix socket or, on Windows, a named pipe.
 *
 * @param folder - A folder of this user. All users share the names of pipes.
 */
export function instanceAddress({ platform }: Pick<System, 'platform'>, folder: string, key: string): string {
  if (platform !== 'win32') return join(folder, `${key}.sock`);
  const hash = createHash('sha256').update(`${folder}\n${key}`).digest('hex');
  return `\\\\.\\pipe\\vigilant-${hash.slice(0, 32)}`;
}

/**
 * Becomes the only instance of a target, or asks the running one to open a window. A process that was killed does not
 * prevent the next start.
 *
 * @returns `undefined` if the running instance has opened a window
 * @throws {CliError} if the running instance fails or does not answer
 */
export async function becomeInstance(address: string, system: System): Promise<Instance | undefined> {
  for (let attempt = 1; ; attempt += 1) {
    if (await askToOpen(address, system)) return undefined;
    try {
      return await new SocketInstance().listen(address, system);
    } catch (error) {
      // Another process has started in the meantime.
      if (!isInUse(error) || attempt === MAX_ATTEMPTS) throw error;
    }
  }
}

function isInUse(error: unknown): boolean {
  return isVigilantError(error)
    ? error.code === 'VIGILANT_ADDRESS_IN_USE'
    : (error as NodeJS.ErrnoException).code === 'EADDRINUSE';
}

/** Asks the running instance to open a window. Resolves to `false` if none is running. */
function askToOpen(address: string, { clock, stopping }: System): Promise<boolean> {
  const socket = connect(address);
  const answer = new Promise<boolean>((resolve, reject) => {
    let text = '';
    socket.setEncoding('utf8');
    socket.once('connect', () => socket.write('open\n'));
    socket.on('data', (chunk: string) => (text += chunk));
    socket.on('error', (error: NodeJS.ErrnoException) => {
      if (ABSENT.includes(error.code ?? '')) resolve(false);
      else
        reject(
          new CliError(
            `${address} cannot be opened: ${reasonOf(error)}. Remove it, and run the command again.`,
          ),
        );
    });
    socket.once('close', () => {
      if (text === 'ok\n') resolve(true);
      // The instance ended before it answered.
      else if (text === '') resolve(false);
      else reject(new CliError(text.trim()));
    });
  });
  return withTimeout(answer, {
    clock,
    timeoutMs: ANSWER_MS,
    signal: stopping,
    onTimeout: () => {
      throw new CliError(
        `The running \`vigilant desktop\` of this target did not answer at ${address} within ${ANSWER_MS / 1000} s. End it, and run the command again.`,
      );
    },
  }).finally(() => socket.destroy());
}

class SocketInstance implements Instance {
  readonly #sockets = new Set<Socket>();
  #open: (open: () => Promise<void>) => void = () => {};
  readonly #opener = new Promise<() => Promise<void>>((resolve) => (this.#open = resolve));
  #isAnswering = true;
  #listener: Pick<Listener, 'close'> | undefined;

  async listen(address: string, { platform }: System): Promise<Instance> {
    const create = (): Server => createServer((socket) => this.#accept(socket));
    this.#listener = await (platform === 'win32'
      ? listenOnPipe(address, create())
      : listen(
          { host: '', port: 0, socketPath: address },
          { owner: 'desktop', createServer: create, onError: () => {} },
        ));
    return this;
  }

  onOpen(open: () => Promise<void>): void {
    this.#open(open);
  }

  stopAnswering(): void {
    this.#isAnswering = false;
  }

  async close(): Promise<void> {
    const stopped = this.#listener?.close();
    for (const socket of this.#sockets) socket.destroy();
    await stopped;
  }

  #accept(socket: Socket): void {
    this.#sockets.add(socket);
    socket.on('error', () => {});
    socket.once('close', () => this.#sockets.delete(socket));
    socket.once('data', () => {
      const answer = (text: string): void => void (this.#isAnswering && socket.end(`${text}\n`));
      void this.#opener
        .then((open) => open())
        .then(
          () => answer('ok'),
          (error: unknown) => answer(reasonOf(error)),
        );
    });
  }
}

async function listenOnPipe(address: string, server: Server): Promise<Pick<Listener, 'close'>> {
  server.listen(address);
  await once(server, 'listening');
  return {
    close: async () => {
      server.close();
      await once(server, 'close');
    },
  };
}
