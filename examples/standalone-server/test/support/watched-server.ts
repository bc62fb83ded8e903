import { createGrpcClient } from '@vigilant/grpc';
import type { GrpcClient } from '@vigilant/grpc';
import type { RunningServer } from '../server';
import type { Cluster } from './cluster';

/** What a server said of itself. */
export interface Report {
  /** In milliseconds since the epoch. */
  readonly at: number;
  readonly state: 'ready' | 'degraded' | 'closed';
  readonly reasons: readonly string[];
}

/** What one tail, open from the first event to the last, was sent. */
export interface TailRecord {
  readonly ids: ReadonlySet<string>;
  /** Events that gaps say are left out; `Infinity` when a gap does not know. */
  readonly missed: number;
}

/** A place in a cluster: whatever server runs there, its reports and a tail of it that outlives it. */
export interface Place {
  readonly client: GrpcClient;
  readonly tail: TailRecord;
  readonly server: RunningServer;
  /** Everything that servers at this place said, oldest first. */
  reports(): readonly Report[];
  /** Ends the server that runs here. */
  stop(signal: NodeJS.Signals): Promise<void>;
  /** Starts the next one on the same port. */
  start(): Promise<void>;
  close(): Promise<void>;
}

const REPORT = /^\{"at".*\}$/gm;

/** Starts a server at a new place. */
export async function startPlace(cluster: Cluster, port: number): Promise<Place> {
  let server = await cluster.start(port);
  let earlier = '';
  const client = createGrpcClient({ address: server.address, maxBufferedBytes: 256 * 1024 * 1024 });
  const ids = new Set<string>();
  let missed = 0;
  let tellOpen = (): void => {};
  const isOpen = new Promise<void>((resolve) => (tellOpen = resolve));
  const tailing = (async () => {
    for await (const item of client.tail('', { checkpoints: true })) {
      // The first of them says where the tail begins.
      tellOpen();
      if (item.type === 'event') ids.add(item.event.id);
      else if (item.type === 'gap') missed += item.missed ?? Infinity;
    }
  })();
  await isOpen;
  return {
    client,
    tail: {
      ids,
      get missed() {
        return missed;
      },
    },
    get server() {
      return server;
    },
    reports: () =>
      [...(earlier + server.output()).matchAll(REPORT)].map(([line]) => JSON.parse(line) as Report),
    async stop(signal) {
      await cluster.stop(server, signal);
      earlier += server.output();
    },
    async start() {
      server = await cluster.start(port);
    },
    async close() {
      await client.close();
      await tailing;
    },
  };
}
