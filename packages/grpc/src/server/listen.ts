import { VigilantError } from '@vigilant/core';
import type { Server } from '@grpc/grpc-js';
import { ServerCredentials } from '@grpc/grpc-js';
import { chmod, rm } from 'node:fs/promises';
import { connect, isIPv6 } from 'node:net';
import { resolve } from 'node:path';
import type { ResolvedServeGrpcOptions } from './options';

/** Where a server listens. */
export interface Listening {
  /** As clients take it: `127.0.0.1:50051`, or `unix:/path`. */
  readonly address: string;
  /** 0 on a Unix socket. */
  readonly port: number;
}

/** Binds a server. @throws {VigilantError} `VIGILANT_ADDRESS_IN_USE` */
export async function listen(
  server: Server,
  { host, port, socketPath }: ResolvedServeGrpcOptions,
): Promise<Listening> {
  if (socketPath !== undefined) return listenOnSocket(server, resolve(socketPath));
  const prefix = isIPv6(host) ? `[${host}]` : host;
  const bound = await bind(server, `${prefix}:${port}`).catch((error: unknown) => {
    throw explain(
      error,
      `Port ${port} of ${host}`,
      'Stop what uses it, or choose another port (0 takes a free one).',
    );
  });
  return { address: `${prefix}:${bound}`, port: bound };
}

async function listenOnSocket(server: Server, path: string): Promise<Listening> {
  const address = `unix:${path}`;
  // A server that was killed leaves its socket behind, and nobody could listen there again.
  if (await isAbandoned(path)) await rm(path);
  await bind(server, address).catch((error: unknown) => {
    throw explain(error, `The socket ${path}`, 'Stop what uses it, or choose another path.');
  });
  await chmod(path, 0o600);
  return { address, port: 0 };
}

function bind(server: Server, address: string): Promise<number> {
  return new Promise((done, fail) => {
    server.bindAsync(address, ServerCredentials.createInsecure(), (error, port) =>
      error === null ? done(port) : fail(error),
    );
  });
}

function explain(error: unknown, what: string, remedy: string): unknown {
  const text = error instanceof Error ? error.message : '';
  if (!text.includes('EADDRINUSE'))
    return new VigilantError('VIGILANT_OPTIONS_INVALID', `${what} cannot be listened on: ${text}`, {
      cause: error,
    });
  return new VigilantError('VIGILANT_ADDRESS_IN_USE', `${what} is in use. ${remedy}`, { cause: error });
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
