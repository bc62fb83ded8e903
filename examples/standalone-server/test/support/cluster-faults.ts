import kafkajs from 'kafkajs';
import type { KafkaCluster } from '../../../../scripts/services/kafka-cluster.mjs';
import type { ClusterAdmin } from '../../../../packages/kafka/test/support/cluster';

/** How long a transaction stays open: longer than it takes to show in the status, in milliseconds. */
const OPEN_MS = 8_000;

/** How long a server stays away: longer than its session in the group, in milliseconds. */
const AWAY_MS = 8_000;

/** A fault of a Kafka cluster that servers use. */
export interface ClusterFault {
  readonly name: string;
  /** Causes the fault. Resolves once it is over. */
  happen(): Promise<void>;
}

/** Dependencies of the faults. */
export interface ClusterFaultParts {
  readonly kafka: KafkaCluster;
  readonly admin: ClusterAdmin;
  readonly topic: string;
  /** Kills one of the servers. Resolves to a function that starts it again. */
  readonly killServer: () => Promise<() => Promise<void>>;
  /** Called while another producer's transaction is open: no answer may be complete. */
  readonly whileOpen: () => Promise<void>;
}

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

/** Creates the faults. Each occurrence affects the next node or server. */
export function createClusterFaults(parts: ClusterFaultParts): readonly ClusterFault[] {
  const { kafka, admin, topic, killServer } = parts;
  let turn = 0;
  const nextNode = () => {
    turn += 1;
    const node = kafka.nodes[turn % kafka.nodes.length];
    if (node === undefined) throw new Error('A cluster has nodes.');
    return node;
  };
  return [
    {
      name: 'a node restarts',
      async happen() {
        const node = nextNode();
        await node.stop();
        await node.start();
        await admin.healed();
      },
    },
    { name: "another producer's transaction is open", happen: () => holdTransaction(parts) },
    {
      name: 'a node is killed',
      async happen() {
        const node = nextNode();
        await node.kill();
        await node.start();
        await admin.healed();
      },
    },
    {
      name: 'partitions are led by other nodes',
      async happen() {
        for (const partition of [0, 1]) {
          const replicas = await admin.replicasOf(topic, partition);
          const others = replicas.slice(1);
          await admin.move(topic, partition, others);
          await admin.move(topic, partition, [...others, ...replicas.slice(0, 1)]);
        }
        await admin.healed();
      },
    },
    {
      name: 'partitions are added',
      happen: async () => admin.addPartitions(topic, (await admin.partitionCount(topic)) + 1),
    },
    {
      name: 'a server is killed',
      async happen() {
        const start = await killServer();
        await pause(AWAY_MS);
        await start();
      },
    },
  ];
}

/** Keeps a transaction open for a while, in the middle of the events of a partition, and commits it. */
async function holdTransaction({ kafka, topic, whileOpen }: ClusterFaultParts): Promise<void> {
  const { addresses } = kafka;
  const client = new kafkajs.Kafka({ brokers: [...addresses], logLevel: kafkajs.logLevel.NOTHING });
  const producer = client.producer({
    transactionalId: `${topic}-external`,
    maxInFlightRequests: 1,
    idempotent: true,
    createPartitioner: kafkajs.Partitioners.DefaultPartitioner,
  });
  await producer.connect();
  try {
    const transaction = await producer.transaction();
    const value = JSON.stringify({ message: 'external' });
    await transaction.send({ topic, messages: [{ value, partition: 0 }] });
    await pause(OPEN_MS);
    await whileOpen();
    await transaction.commit();
  } finally {
    await producer.disconnect();
  }
}
