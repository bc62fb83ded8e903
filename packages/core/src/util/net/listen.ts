import { lookup } from 'node:dns/promises';
import { chmod } from 'node:fs/promises';
import { isIP, isIPv6 } from 'node:net';
import type { ListenOptions, Server } from 'node:net';
import { resolve } from 'node:path';
import { VigilantError, reasonOf } from '../errors';
import { optionError } from '../option-checks';
import type { Endpoint } from './endpoint';
import { freeSocketPath } from './socket-path';

/** An open endpoint. */
export interface Listener {
  /** Address in the form that clients accept: `127.0.0.1:50051`, or `unix:/path`. */
  readonly address: string;
  /** 0 on a Unix socket. */
  readonly port: number;
  /** Stops listening. Resolves once all accepted connections are closed. */
  close(): Promise<void>;
}

/** Dependencies of an endpoint. */
export interface ListenParts {
  /** The function that takes the options of the endpoint, such as `serveGrpc`. */
  readonly owner: string;
  /** Creates a server that does not listen yet. Called once per address. */
  readonly createServer: () => Server;
  readonly onError: (error: Error) => void;
}

/** Error codes of an address that this machine does not have, such as `::1` without IPv6. */
const ABSENT_CODES = ['EADDRNOTAVAIL', 'EAFNOSUPPORT'];

/** Maximum attempts to find a port that is free on all addresses. */
const MAX_ATTEMPTS = 10;

/** Binds the endpoint of a server. @throws {VigilantError} `VIGILANT_ADDRESS_IN_USE`, `VIGILANT_OPTIONS_INVALID` */
export function listen({ host, port, socketPath }: Endpoint, parts: ListenParts): Promise<Listener> {
  return socketPath === undefined
    ? listenOnPort(host, port, parts)
    : listenOnSocket(resolve(socketPath), parts);
}

async function listenOnPort(host: string, port: number, parts: ListenParts): Promise<Listener> {
  try {
    const servers = await bindAll(await addressesOf(host), port, (address, each) =>
      bind({ host: address, port: each }, parts),
    );
    const bound = portOf(servers[0]);
    return {
      address: `${isIPv6(host) ? `[${host}]` : host}:${bound}`,
      port: bound,
      close: () => closeAll(servers),
    };
  } catch (error) {
    throw explain(
      error,
      // A port below 1024 requires privileges. Any other error is about the address.
      `${parts.owner}.${codeOf(error) === 'EACCES' ? 'port' : 'host'}`,
      `Port ${port} of ${host}`,
      'Stop the program that uses it, or choose another port (0 selects a free one).',
    );
  }
}

/**
 * Binds the same port of several addresses. Addresses that this machine does not have are left out, except the first.
 *
 * If the port that the system selects for the first address is in use on another one, the system selects a new port.
 */
export async function bindAll(
  addresses: readonly string[],
  port: number,
  bindOne: (address: string, port: number) => Promise<Server>,
): Promise<readonly Server[]> {
  for (let attempt = 1; ; attempt += 1) {
    const servers: Server[] = [];
    try {
      for (const address of addresses) {
        const server = await bindOne(address, servers.length === 0 ? port : portOf(servers[0])).catch(
          (error: unknown) => {
            if (servers.length === 0 || !ABSENT_CODES.includes(codeOf(error))) throw error;
          },
        );
        if (server !== undefined) servers.push(server);
      }
      return servers;
    } catch (error) {
      await closeAll(servers);
      const mayRetry = port === 0 && servers.length > 0 && codeOf(error) === 'EADDRINUSE';
      if (!mayRetry || attempt === MAX_ATTEMPTS) throw error;
    }
  }
}

function portOf(server: Server | undefined): number {
  return (server?.address() as { port: number }).port;
}

/** Resolves a host to all of its addresses: clients of `localhost` may try either family first. */
async function addressesOf(host: string): Promise<readonly string[]> {
  if (isIP(host) !== 0) return [host];
  const found = await lookup(host, { all: true });
  return [...new Set(found.map(({ address }) => address))];
}

async function listenOnSocket(path: string, parts: ListenParts): Promise<Listener> {
  const field = `${parts.owner}.socketPath`;
  const what = `The socket ${path}`;
  await freeSocketPath(path, field);
  const server = await bind({ path }, parts).catch((error: unknown) => {
    throw explain(error, field, what, 'Stop the program that uses it, or choose another path.');
  });
  try {
    await chmod(path, 0o600);
  } catch (error) {
    await closeAll([server]);
    throw explain(error, field, what, 'Choose another path.');
  }
  return { address: `unix:${path}`, port: 0, close: () => closeAll([server]) };
}

function bind(where: ListenOptions, { createServer, onError }: ListenParts): Promise<Server> {
  return new Promise((done, fail) => {
    const server = createServer();
    server.once('error', fail);
    server.listen(where, () => {
      server.off('error', fail);
      server.on('error', onError);
      done(server);
    });
  });
}

async function closeAll(servers: readonly Server[]): Promise<void> {
  await Promise.all(servers.map((server) => new Promise<void>((done) => server.close(() => done()))));
}

/** @param field - Path of the option that the error names. */
function explain(error: unknown, field: string, what: string, remedy: string): VigilantError {
  if (codeOf(error) === 'EADDRINUSE')
    return new VigilantError('VIGILANT_ADDRESS_IN_USE', `${what} is in use. ${remedy}`, { cause: error });
  const reason = `cannot be opened: ${reasonOf(error)}`;
  return optionError(`${what} ${reason}.`, { field, code: 'invalid_value', reason }, error);
}

function codeOf(error: unknown): string {
  return String((error as NodeJS.ErrnoException).code);
}
