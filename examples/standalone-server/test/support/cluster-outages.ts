import { createGrpcClient } from '@vigilant/grpc';
import { rmSync } from 'node:fs';
import { afterAll, beforeAll, expect, it, onTestFailed, onTestFinished } from 'vitest';
import { describeWithOwnServices } from '../../../../scripts/services/in-tests.mjs';
import { startKafkaCluster } from '../../../../scripts/services/kafka-cluster.mjs';
import { startMariadb } from '../../../../scripts/services/mysql.mjs';
import { freePorts } from '../../../../scripts/services/tools.mjs';
import { createClusterAdmin } from '../../../../packages/kafka/test/support/cluster';
import type { RunningServer } from '../server';
import { bundleServer } from '../server';
import type { Cluster } from './cluster';
import { createCluster, queryFresh } from './cluster';
import { createClusterFaults } from './cluster-faults';
import { startFreshnessChecks } from './freshness-checks';
import { startLoad } from './load';

const PER_SECOND = 2_000;

/** Events acknowledged between two faults, so that the servers have recovered before the next one. */
const BETWEEN = 4_000;

/** Tests three servers on a Kafka cluster of three nodes during each fault in turn. Repeats the faults for `forMs` milliseconds. */
export function describeClusterOutages(forMs: number): void {
  describeWithOwnServices(['kafka', 'mariadb'], 'three servers on a Kafka of three nodes', () => {
    let bundle: string;
    beforeAll(async () => {
      bundle = await bundleServer();
    }, 120_000);
    afterAll(() => rmSync(bundle, { force: true }));

    it(
      'store each acknowledged event once and never report an incomplete answer as complete during any fault',
      async () => {
        const { kafka, cluster } = await startAll(bundle);
        const servers = await startServers(cluster);
        onTestFailed(() => console.log(servers.outputs().join('\n\n')));
        const clients = servers.ports.map((port) => createGrpcClient({ address: `127.0.0.1:${port}` }));
        const load = startLoad(clients, PER_SECOND);
        const checks = startFreshnessChecks(clients, load);
        const faults = createClusterFaults({
          kafka,
          topic: cluster.name,
          killServer: servers.killNext,
          admin: await createClusterAdmin(kafka),
          async whileOpen() {
            for (const client of clients) {
              // A busy server may answer too late, which is not a wrong answer.
              const page = await client.query('id:none', { since: '1s' }).catch(() => undefined);
              expect(page?.freshness.complete ?? false).toBe(false);
            }
          },
        });
        const started = Date.now();
        do {
          for (const { name, happen } of faults) {
            const enough = load.acknowledged.length + BETWEEN;
            await expect.poll(() => load.acknowledged.length, { timeout: 180_000 }).toBeGreaterThan(enough);
            console.log(`${Math.round((Date.now() - started) / 1_000)} s: ${name}`);
            await happen();
          }
        } while (Date.now() < started + forMs);
        await load.stop();
        // Under load, few answers are complete in time.
        await expect.poll(() => checks.complete, { timeout: 120_000 }).toBeGreaterThan(2);
        await checks.stop();
        const [first] = clients;
        if (first !== undefined) await queryFresh(first, 'id:none');
        await Promise.all(clients.map((client) => client.close()));

        const stored = await cluster.storedIds();
        const all = new Set(stored);
        const { complete, incomplete, falselyComplete, failed } = checks;
        console.log(
          `${load.acknowledged.length} events acknowledged in ${Math.round((Date.now() - started) / 1_000)} s; ` +
            `answers: ${complete} complete, ${incomplete} incomplete, ${falselyComplete} falsely complete, ${failed} failed`,
        );
        expect(stored.length).toBe(all.size);
        expect(load.acknowledged.filter((id) => !all.has(id)).length).toBe(0);
        expect(falselyComplete).toBe(0);
      },
      forMs + 900_000,
    );
  });
}

async function startAll(bundle: string) {
  const [kafka, mariadb] = await Promise.all([startKafkaCluster(), startMariadb()]);
  const cluster = createCluster({ bundle, kafka: kafka.addresses.join(','), mariadb: mariadb.address });
  onTestFinished(async () => {
    await cluster.dispose().catch(() => {});
    await Promise.all([kafka.dispose(), mariadb.dispose()]);
  });
  return { kafka, cluster };
}

/** Starts three servers, each on a port of its own. */
async function startServers(cluster: Cluster) {
  const ports = await freePorts(3);
  const servers: RunningServer[] = await Promise.all(ports.map((port) => cluster.start(port)));
  let turn = 0;
  return {
    ports,
    /** Returns the end of the output of each server. */
    outputs: () => servers.map((server) => server.output().slice(-2_000)),
    async killNext() {
      const index = turn % ports.length;
      turn += 1;
      const server = servers[index];
      if (server !== undefined) await cluster.stop(server, 'SIGKILL');
      return async () => {
        servers[index] = await cluster.start(ports[index]);
      };
    },
  };
}
