import { consoleFiles } from '@vigilant/console';
import type { Vigilant } from '@vigilant/core';
import type { HttpHandler } from '@vigilant/http';
import { createHttpHandler, createNodeListener } from '@vigilant/http';
import { createServer } from 'node:http';
import type { Server } from 'node:http';
import type { Sessions } from './sessions';

/** The server of the shop, and the HTTP handler of its events, which must be closed when the shop stops. */
export interface HttpApp {
  readonly server: Server;
  readonly events: HttpHandler;
}

/** Creates a server with `node:http` alone that shows the events of the shop under `/ops/events`. */
export function createHttpApp(vigilant: Vigilant, sessions: Sessions): HttpApp {
  const events = createHttpHandler(vigilant, {
    basePath: '/ops/events',
    console: consoleFiles,
    authorize: (request) => sessions.isOperator(request.headers.get('cookie')),
  });
  const serveEvents = createNodeListener(events);
  const server = createServer((request, response) => {
    serveEvents(request, response, () => {
      vigilant.info('page visited', { path: request.url });
      response.end('Welcome to the shop.\n');
    });
  });
  return { server, events };
}
