import type { Vigilant, VigilantOptions } from '@vigilant/core';
import { createVigilant } from '@vigilant/core';
import type { GrpcServer, ServeGrpcOptions } from '@vigilant/grpc';
import { serveGrpc } from '@vigilant/grpc';
import { afterEach } from 'vitest';

const cleanups: (() => Promise<unknown>)[] = [];

afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

/** Runs a cleanup when the test ends; the last one added runs first. */
export function atEnd(cleanup: () => Promise<unknown>): void {
  cleanups.push(cleanup);
}

/** Serves an engine in memory on a free loopback port until the test ends. */
export async function serve(
  options: { readonly engine?: VigilantOptions; readonly server?: ServeGrpcOptions } = {},
): Promise<{ readonly vigilant: Vigilant; readonly server: GrpcServer }> {
  const vigilant = createVigilant(options.engine);
  atEnd(() => vigilant.close());
  const server = await serveGrpc(vigilant, { port: 0, ...options.server });
  atEnd(() => server.close({ graceMs: 500 }));
  return { vigilant, server };
}
