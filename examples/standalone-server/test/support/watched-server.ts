import { createGrpcClient } from '@vigilant/grpc';
import type { GrpcClient } from '@vigilant/grpc';
import type { RunningServer } from '../server';
import type { Cluster } from './cluster';

/** A status that a server printed. */
export interface Report {
  /** In milliseconds since the epoch. */
  readonly at: number;
  readonly state: 'ready' | 'degraded' | 'closed';
  readonly reasons: readonly string[];
}

/** Items of one tail that is open from the first event to the last. */
export interface TailRecord {
  readonly ids: ReadonlySet<string>;
  /** Number of events that gaps report as missing; `Infinity` if one does not report a number. */
  readonly missed: number;
}

/** A place in a cluster: the server that runs there, the reports of all its servers, and a tail across restarts. */
export interface Place {
  readonly client: GrpcClient;
  readonly tail: TailRecord;
  readonly server: RunningServer;
  /** Reports of all servers at this place, oldest first. */
  reports(): readonly Report[];
  /** Stops the current server. */
  stop(signal: NodeJS.Signals): Promise<void>;
  /** Starts the next server on the same port. */
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
  let onOpen = (): void => {};
  const isOpen = new Promise<void>((resolve) => (onOpen = resolve));
  const tailing = (async () => {
    for await (const item of client.tail('', { checkpoints: true })) {
      // The first checkpoint marks the start of the tail.
      onOpen();
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
