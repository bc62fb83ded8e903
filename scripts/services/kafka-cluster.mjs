import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { COMMON_SETTINGS, createClusterId, startNode } from './kafka.mjs';
import { createServerFolder } from './server.mjs';
import { freePorts } from './tools.mjs';

const NODES = [1, 2, 3];

/** Java options of nodes that share two cores with other programs. */
const JAVA_OPTIONS = ['-Xms64m', '-Xmx256m'];

/** How long a node may be unreachable before the other nodes take over its partitions, in milliseconds. */
const NODE_SESSION_MS = 6_000;

/**
 * A Kafka cluster whose nodes are separate processes.
 *
 * @typedef {object} KafkaCluster
 * @property {readonly string[]} addresses - One per node, in the same order.
 * @property {readonly import('./server.mjs').Server[]} nodes - Each can be stopped, killed and started again.
 * @property {() => Promise<void>} dispose - Stops all nodes and deletes their data.
 */

/**
 * Starts a Kafka cluster of three nodes in KRaft mode on loopback. Each is broker and controller, so any one of them may be down.
 *
 * Topics have three replicas, and a write with `acks=all` waits for two of them.
 *
 * @param {object} [options]
 * @param {Readonly<Record<string, string>>} [options.settings] - Settings of `server.properties` that override the defaults.
 * @returns {Promise<KafkaCluster>}
 */
export async function startKafkaCluster({ settings = {} } = {}) {
  const folder = createServerFolder('kafka-cluster');
  const ports = await freePorts(2 * NODES.length);
  const portOf = (id) => ports[id - 1];
  const controllerOf = (id) => `127.0.0.1:${ports[NODES.length + id - 1]}`;
  const clusterId = createClusterId();
  const propertiesOf = (id) => ({
    'node.id': id,
    'process.roles': 'broker,controller',
    'controller.quorum.voters': NODES.map((each) => `${each}@${controllerOf(each)}`).join(','),
    listeners: `PLAIN://127.0.0.1:${portOf(id)},CONTROLLER://${controllerOf(id)}`,
    'advertised.listeners': `PLAIN://127.0.0.1:${portOf(id)}`,
    'listener.security.protocol.map': 'PLAIN:PLAINTEXT,CONTROLLER:PLAINTEXT',
    'controller.listener.names': 'CONTROLLER',
    'inter.broker.listener.name': 'PLAIN',
    'default.replication.factor': 3,
    'min.insync.replicas': 2,
    'offsets.topic.replication.factor': 3,
    'transaction.state.log.replication.factor': 3,
    'transaction.state.log.min.isr': 2,
    'broker.session.timeout.ms': NODE_SESSION_MS,
    'replica.lag.time.max.ms': 5_000,
    ...COMMON_SETTINGS,
    ...settings,
  });
  const started = await Promise.allSettled(
    NODES.map((id) =>
      startNode({
        folder: join(folder, `node-${id}`),
        port: portOf(id),
        properties: propertiesOf(id),
        format: ['-t', clusterId],
        javaOptions: JAVA_OPTIONS,
      }),
    ),
  );
  const nodes = started.flatMap((result) => (result.status === 'fulfilled' ? [result.value] : []));
  const dispose = async () => {
    await Promise.all(nodes.map((node) => node.dispose()));
    rmSync(folder, { recursive: true, force: true });
  };
  const failed = started.find(({ status }) => status === 'rejected');
  if (failed !== undefined) {
    await dispose();
    throw failed.reason;
  }
  return { addresses: NODES.map((id) => `127.0.0.1:${portOf(id)}`), nodes, dispose };
}
