import { VigilantError } from '@vigilant/core';
import type { GrpcClient } from '@vigilant/grpc';
import mysql from 'mysql2/promise';
import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { RunningServer } from '../server';
import { startServer } from '../server';

/** Servers that share a topic and a database. */
export interface Cluster {
  /** Name of the topic and of the database. */
  readonly name: string;
  /** Starts a server; port 0 selects a free port. */
  start(port?: number): Promise<RunningServer>;
  stop(server: RunningServer, signal: NodeJS.Signals): Promise<void>;
  storedIds(): Promise<readonly string[]>;
  /** Kills the servers and drops the database. */
  dispose(): Promise<void>;
}

/** The bundle of the server, and addresses of Kafka and MariaDB. */
export interface ClusterServices {
  readonly bundle: string;
  readonly kafka: string;
  readonly mariadb: string;
}

/** Creates a cluster without servers. */
export function createCluster({ bundle, kafka, mariadb }: ClusterServices): Cluster {
  const name = `test_${randomUUID().replaceAll('-', '')}`;
  const environment = {
    VIGILANT_BROKER: 'kafka',
    VIGILANT_KAFKA_BROKERS: kafka,
    VIGILANT_KAFKA_TOPIC: name,
    VIGILANT_STORE: 'mysql',
    VIGILANT_MYSQL_URL: `${mariadb}/${name}`,
    VIGILANT_INTERVAL_MS: '500',
  };
  const servers = new Set<RunningServer>();
  return {
    name,
    async start(port = 0) {
      const server = await startServer(bundle, { ...environment, VIGILANT_GRPC_PORT: String(port) });
      servers.add(server);
      return server;
    },
    async stop(server, signal) {
      servers.delete(server);
      await server.stop(signal);
    },
    async storedIds() {
      const connection = await mysql.createConnection(`${mariadb}/${name}`);
      const [rows] = await connection.query('SELECT id FROM vigilant_events ORDER BY sequence');
      await connection.end();
      return (rows as { id: Buffer | string }[]).map(({ id }) => String(id));
    },
    async dispose() {
      await Promise.all([...servers].map((server) => server.stop('SIGKILL')));
      const connection = await mysql.createConnection(mariadb);
      await connection.query(`DROP DATABASE IF EXISTS \`${name}\``);
      await connection.end();
    },
  };
}

/** Maximum time until an answer is complete on a slow machine, in milliseconds. */
const FRESH_MS = 180_000;

/** Pause before a query is repeated, in milliseconds. */
const RETRY_MS = 200;

/** Queries until the result is complete: the partitions of a killed server wait for their next owner. */
export async function queryFresh(client: GrpcClient, filter: string) {
  const deadline = performance.now() + FRESH_MS;
  let cause: unknown;
  for (;;) {
    // A busy server may not answer before the deadline of the call.
    const page = await client.query(filter).catch((error: unknown) => {
      if (!(error instanceof VigilantError && error.retryable)) throw error;
      cause = error;
    });
    if (page?.freshness.complete) return page;
    if (performance.now() > deadline) throw new Error(`No complete answer within ${FRESH_MS} ms.`, { cause });
    await sleep(RETRY_MS);
  }
}
