import { createVigilant } from '@vigilant/core';
import type { Vigilant } from '@vigilant/core';
import { createGrpcClient, serveGrpc } from '@vigilant/grpc';
import type { GrpcClient, GrpcClientOptions } from '@vigilant/grpc';
import { atEnd } from './serve';

/** Creates a client that is closed at the end of the test. */
export function createClient(address: string, options: Partial<GrpcClientOptions> = {}): GrpcClient {
  const client = createGrpcClient({ address, graceMs: 100, ...options });
  atEnd(() => client.close());
  return client;
}

/** Reads all events that match a filter, page by page. */
export async function all(
  client: GrpcClient,
  filter = '',
): Promise<readonly { id: string; message: string }[]> {
  const events: { id: string; message: string }[] = [];
  for (let cursor: string | undefined; ;) {
    const page = await client.query(filter, { limit: 10_000, ...(cursor === undefined ? {} : { cursor }) });
    events.push(...page.events);
    cursor = page.nextCursor;
    if (cursor === undefined) return events;
  }
}

/** A server that can be stopped and started again on the same port and engine. */
export async function restartable(): Promise<{
  readonly vigilant: Vigilant;
  readonly address: string;
  stop(): Promise<void>;
  start(): Promise<void>;
}> {
  const vigilant = createVigilant();
  atEnd(() => vigilant.close());
  let server = await serveGrpc(vigilant, { port: 0 });
  const { port, address } = server;
  atEnd(() => server.close({ graceMs: 100 }));
  return {
    vigilant,
    address,
    stop: () => server.close({ graceMs: 100 }),
    async start() {
      server = await serveGrpc(vigilant, { port });
    },
  };
}
