import type { DiagnosticSink, Vigilant } from '@vigilant/core';
import type { ConsoleFiles, HttpHandler } from '@vigilant/http';
import { createHttpHandler, createNodeListener } from '@vigilant/http';
import type { Server } from 'node:http';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Activity } from './activity';
import { exchangeTicket, isExchange } from './exchange';
import type { Tickets } from './tickets';

/** Address of the server. Other machines cannot reach it. */
const HOST = '127.0.0.1';

/** Dependencies of a server. */
export interface WindowServerParts {
  readonly vigilant: Vigilant;
  readonly console: ConsoleFiles;
  readonly tickets: Tickets;
  readonly activity: Activity;
  readonly onDiagnostic: DiagnosticSink;
}

/** A server of the API and the console for the windows of this user. */
export interface WindowServer {
  /** Such as `http://127.0.0.1:40123/`. */
  readonly url: string;
  readonly port: number;
  /** Waits up to `graceMs` for running requests, and then destroys all connections. */
  close(graceMs: number): Promise<void>;
}

/**
 * Starts a server. Every request to the API needs the token of the session, which a page receives for a ticket.
 *
 * @param port - Preferred port. If it is in use, or 0, a free one is selected.
 */
export async function serveWindow(parts: WindowServerParts, port: number): Promise<WindowServer> {
  const { vigilant, console: files, tickets, onDiagnostic } = parts;
  const handler = createHttpHandler(vigilant, {
    authorize: (request) => tickets.isSession(request.headers.get('authorization')),
    allowedHosts: [HOST],
    console: files,
    onDiagnostic,
  });
  const server = createWindowListener(handler, parts);
  await listenOn(server, port).catch((error: NodeJS.ErrnoException) => {
    if (port === 0 || !['EADDRINUSE', 'EACCES'].includes(error.code ?? '')) throw error;
    return listenOn(server, 0);
  });
  return new ListeningServer(handler, server);
}

function createWindowListener(handler: HttpHandler, { tickets, activity }: WindowServerParts): Server {
  const answer = createNodeListener(handler);
  const server = createServer({ noDelay: true }, (incoming, outgoing) => {
    outgoing.once('close', activity.start());
    if (!isExchange(incoming)) return answer(incoming, outgoing);
    const { port } = server.address() as AddressInfo;
    void exchangeTicket(incoming, outgoing, { handler, tickets, host: `${HOST}:${port}` });
  });
  return server;
}

function listenOn(server: Server, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, HOST, () => {
      server.off('error', reject);
      resolve();
    });
  });
}

class ListeningServer implements WindowServer {
  readonly url: string;
  readonly port: number;
  readonly #handler: HttpHandler;
  readonly #server: Server;

  constructor(handler: HttpHandler, server: Server) {
    const { port } = server.address() as AddressInfo;
    this.port = port;
    this.url = `http://${HOST}:${port}/`;
    this.#handler = handler;
    this.#server = server;
  }

  async close(graceMs: number): Promise<void> {
    const closed = new Promise((resolve) => this.#server.close(resolve));
    await this.#handler.close({ graceMs });
    this.#server.closeAllConnections();
    await closed;
  }
}
