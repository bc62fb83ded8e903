import type { Vigilant, VigilantOptions } from '@vigilant/core';
import { createVigilant } from '@vigilant/core';
import type { HttpHandler, HttpHandlerOptions, HttpServer, ServeHttpOptions } from '@vigilant/http';
import { createHttpHandler, serveHttp } from '@vigilant/http';
import { afterEach } from 'vitest';

const cleanups: (() => Promise<unknown>)[] = [];

afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

/** Runs a cleanup when the test ends; the last one added runs first. */
export function atEnd(cleanup: () => Promise<unknown>): void {
  cleanups.push(cleanup);
}

/** Creates an engine in memory that is closed when the test ends. */
export function createEngine(options: VigilantOptions = {}): Vigilant {
  const vigilant = createVigilant(options);
  atEnd(() => vigilant.close());
  return vigilant;
}

/** A handler of an engine in memory, and shortcuts to send it requests. */
export interface TestHandler {
  readonly vigilant: Vigilant;
  readonly handler: HttpHandler;
  /** Sends a request to a path. */
  send(path: string, init?: RequestInit): Promise<Response>;
  /** Sends a GET request and returns the body of the response. */
  get<Body = Record<string, unknown>>(path: string): Promise<Body>;
  /** Posts a JSON value. */
  post(path: string, value: unknown): Promise<Response>;
}

/** Creates a handler of an engine in memory that lasts until the test ends. */
export function handle(
  options: Partial<HttpHandlerOptions> = {},
  engine?: VigilantOptions | Vigilant,
): TestHandler {
  const vigilant = engine !== undefined && 'query' in engine ? engine : createEngine(engine);
  const handler = createHttpHandler(vigilant, { authorize: 'none', ...options });
  atEnd(() => handler.close({ graceMs: 0 }));
  const send = (path: string, init?: RequestInit): Promise<Response> =>
    handler.fetch(new Request(`http://localhost${path}`, init));
  return {
    vigilant,
    handler,
    send,
    get: async <Body>(path: string) => (await (await send(path)).json()) as Body,
    post: (path, value) =>
      send(path, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(value),
      }),
  };
}

/** Serves an engine in memory on a free loopback port until the test ends. */
export async function serve(
  options: { readonly engine?: VigilantOptions; readonly server?: ServeHttpOptions } = {},
): Promise<{ readonly vigilant: Vigilant; readonly server: HttpServer }> {
  const vigilant = createEngine(options.engine);
  const server = await serveHttp(vigilant, { port: 0, ...options.server });
  atEnd(() => server.close({ graceMs: 500 }));
  return { vigilant, server };
}
