import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createServerFolder, startServer } from './server.mjs';
import { Unavailable, cachedFromMaven, findProgram, freePorts, runQuietly } from './tools.mjs';

/** Returns the class path of Kafka and its Java client. */
export async function kafkaClassPath() {
  return join(await cachedFromMaven('kafka', 'copy-dependencies'), '*');
}

/** Options of every Java program. They halve the CPU time of the start, which matters more here than peak performance. */
export const QUICK_JAVA = ['-XX:TieredStopAtLevel=1', '-XX:+UseSerialGC'];

/** Settings of every node: few partitions and no delays. */
export const COMMON_SETTINGS = {
  'offsets.topic.num.partitions': 4,
  'group.initial.rebalance.delay.ms': 0,
  'log.retention.check.interval.ms': 1_000,
  'auto.create.topics.enable': false,
};

/** Creates a cluster id of 22 characters that does not begin like a command line option. */
export function createClusterId() {
  return randomBytes(16).toString('base64url').replace(/^-/, 'a');
}

/**
 * Starts one node with its data in `folder`. Formats the folder first if necessary.
 *
 * @param {object} node
 * @param {string} node.folder
 * @param {number} node.port - Port of the plain listener.
 * @param {Readonly<Record<string, unknown>>} node.properties - Contents of `server.properties` without `log.dirs`.
 * @param {readonly string[]} node.format - Arguments of `StorageTool format`.
 * @param {readonly string[]} node.javaOptions
 * @param {boolean} [node.isKept] - Whether the folder stays when the node is disposed of.
 * @returns {Promise<import('./server.mjs').Server>}
 */
export async function startNode({ folder, port, properties, format, javaOptions, isKept = false }) {
  const java = findProgram('java');
  if (java === undefined) throw new Unavailable('Java is not installed');
  mkdirSync(folder, { recursive: true });
  const file = join(folder, 'server.properties');
  const data = join(folder, 'data');
  const lines = Object.entries({ ...properties, 'log.dirs': data }).map(([key, value]) => `${key}=${value}`);
  writeFileSync(file, `${lines.join('\n')}\n`);
  const classes = ['-cp', await kafkaClassPath()];
  // If this file is missing, formatting was interrupted.
  if (!existsSync(join(data, 'meta.properties'))) {
    rmSync(data, { recursive: true, force: true });
    const tool = ['kafka.tools.StorageTool', 'format', '-c', file, ...format];
    await runQuietly(java, [...QUICK_JAVA, ...classes, ...tool]);
  }
  const logging = '-Dorg.slf4j.simpleLogger.defaultLogLevel=warn';
  return startServer({
    name: 'Kafka',
    address: `127.0.0.1:${port}`,
    folder,
    port,
    command: java,
    isKept,
    args: [...QUICK_JAVA, ...javaOptions, logging, ...classes, 'kafka.Kafka', file],
  });
}

/**
 * Starts Kafka with one node in KRaft mode on loopback.
 *
 * @param {object} [options]
 * @param {Readonly<Record<string, string>>} [options.settings] - Settings of `server.properties` that override the defaults.
 * @param {readonly { name: string, protocol: string }[]} [options.listeners] - Listeners besides the plain one.
 * @param {Readonly<Record<string, string>>} [options.scramUsers] - Passwords by user, for SCRAM-SHA-256.
 * @param {{ folder: string, ports: readonly [number, number] }} [options.keep] - Folder of the data, which is kept when the server
 *   stops, and the ports, which are part of the data. Otherwise the data is deleted.
 * @returns {Promise<import('./server.mjs').Server & { readonly addresses: Readonly<Record<string, string>>, readonly controllerAddress: string }>}
 *   `address` is the address of the plain listener, `addresses` the addresses of the others by name
 */
export async function startKafka({ settings = {}, listeners = [], scramUsers = {}, keep } = {}) {
  const folder = keep?.folder ?? createServerFolder('kafka');
  const free = await freePorts(2 + listeners.length);
  const [port, controllerPort, ...ports] = [...(keep?.ports ?? free.slice(0, 2)), ...free.slice(2)];
  const addresses = Object.fromEntries(listeners.map(({ name }, at) => [name, `127.0.0.1:${ports[at]}`]));
  const all = [{ name: 'PLAIN', protocol: 'PLAINTEXT' }, ...listeners];
  const listen = [`PLAIN://127.0.0.1:${port}`, ...Object.entries(addresses).map(([n, a]) => `${n}://${a}`)];
  const properties = {
    'node.id': 1,
    'process.roles': 'broker,controller',
    'controller.quorum.bootstrap.servers': `127.0.0.1:${controllerPort}`,
    listeners: [...listen, `CONTROLLER://127.0.0.1:${controllerPort}`].join(','),
    'advertised.listeners': listen.join(','),
    'listener.security.protocol.map': [
      ...all.map(({ name, protocol }) => `${name}:${protocol}`),
      'CONTROLLER:PLAINTEXT',
    ].join(','),
    'controller.listener.names': 'CONTROLLER',
    'inter.broker.listener.name': 'PLAIN',
    'offsets.topic.replication.factor': 1,
    'transaction.state.log.replication.factor': 1,
    'transaction.state.log.min.isr': 1,
    ...COMMON_SETTINGS,
    ...settings,
  };
  const format = ['--standalone', '-t', createClusterId()];
  for (const [name, password] of Object.entries(scramUsers))
    format.push('--add-scram', `SCRAM-SHA-256=[name=${name},password=${password}]`);
  const isKept = keep !== undefined;
  const server = await startNode({ folder, port, properties, format, isKept, javaOptions: ['-Xmx512m'] });
  return Object.assign(server, { addresses, controllerAddress: `127.0.0.1:${controllerPort}` });
}
