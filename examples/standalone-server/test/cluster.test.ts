import { createGrpcClient } from '@vigilant/grpc';
import type { GrpcClient } from '@vigilant/grpc';
import { rmSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it, onTestFinished, vi } from 'vitest';
import { describeWithService } from '../../../scripts/services/in-tests.mjs';
import { bundleServer, startServer } from './server';
import { createCluster, queryFresh } from './support/cluster';

let bundle: string;
beforeAll(async () => {
  bundle = await bundleServer();
}, 120_000);
afterAll(() => rmSync(bundle, { force: true }));

describeWithService('kafka', 'servers on Kafka and MariaDB', (kafka) =>
  describeWithService('mariadb', 'with one database', (mariadb) => {
    const createOwnCluster = () => {
      const cluster = createCluster({ bundle, kafka, mariadb });
      onTestFinished(() => cluster.dispose());
      return cluster;
    };

    it("print where their data is, and find each other's events", async () => {
      const cluster = createOwnCluster();
      const [one, two] = await Promise.all([cluster.start(), cluster.start()]);
      expect(one.output()).toContain(
        `data        topic ${cluster.name} at ${kafka}, then database ${cluster.name}`,
      );
      const clients = [one, two].map(({ address }) => createGrpcClient({ address }));
      const [first, second] = clients as [GrpcClient, GrpcClient];
      await first.log({ message: 'here', level: 'warn' });
      expect((await queryFresh(second, 'level>=WARN')).events).toMatchObject([{ message: 'here' }]);
      await Promise.all(clients.map((client) => client.close()));
    }, 240_000);

    it('store every accepted event once while one is killed and another is restarted', async () => {
      const cluster = createOwnCluster();
      const [first, second, third] = await Promise.all([cluster.start(), cluster.start(), cluster.start()]);
      const client = createGrpcClient({ address: first.address });
      const accepted: string[] = [];
      let isOver = false;
      const load = (async () => {
        for (let n = 0; !isOver; n += 100) {
          const batch = Array.from({ length: 100 }, (_, index) => ({ id: `e${n + index}`, message: 'load' }));
          const { results } = await client.logBatch(batch);
          for (const result of results) if ('id' in result) accepted.push(result.id);
          await new Promise((resolve) => setTimeout(resolve, 50));
        }
      })();
      const more = async (events: number): Promise<void> => {
        const enough = accepted.length + events;
        await vi.waitFor(() => expect(accepted.length).toBeGreaterThanOrEqual(enough), 180_000);
      };
      await more(2_000);
      await cluster.stop(second, 'SIGKILL');
      await more(1_500);
      await cluster.stop(third, 'SIGTERM');
      await cluster.start();
      await more(2_000);
      isOver = true;
      await load;
      await queryFresh(client, 'id:none');
      await client.close();
      const stored = await cluster.storedIds();
      expect(accepted.length).toBeGreaterThan(5_000);
      expect(stored.length).toBe(new Set(stored).size);
      const missing = new Set(accepted);
      for (const id of stored) missing.delete(id);
      expect([...missing]).toEqual([]);
    }, 480_000);
  }),
);

describe('a server', () => {
  it('names the variable of an invalid Kafka address', async () => {
    const environment = { VIGILANT_BROKER: 'kafka', VIGILANT_KAFKA_BROKERS: 'nowhere' };
    await expect(startServer(bundle, environment)).rejects.toThrow(/brokers\[0\] must be host:port/);
  });
});
