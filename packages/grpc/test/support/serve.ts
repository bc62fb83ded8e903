import type { Vigilant, VigilantOptions } from '@vigilant/core';
import { createVigilant } from '@vigilant/core';
import type { GrpcServer, ServeGrpcOptions } from '@vigilant/grpc';
import { serveGrpc } from '@vigilant/grpc';
import { afterEach } from 'vitest';

const cleanups: (() => Promise<unknown>)[] = [];

afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

/** Does something once the test is over, in the reverse order. */
export function atEnd(cleanup: () => Promise<unknown>): void {
  cleanups.push(cleanup);
}

/** An engine in memory that is served on a free port of loopback until the test ends. */
export async function serve(
  options: { readonly engine?: VigilantOptions; readonly server?: ServeGrpcOptions } = {},
): Promise<{ readonly vigilant: Vigilant; readonly server: GrpcServer }> {
  const vigilant = createVigilant(options.engine);
  atEnd(() => vigilant.close());
  const server = await serveGrpc(vigilant, { port: 0, ...options.server });
  atEnd(() => server.close({ graceMs: 500 }));
  return { vigilant, server };
}
