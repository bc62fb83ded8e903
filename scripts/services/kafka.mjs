import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createServerFolder, startServer } from './server.mjs';
import { Unavailable, cachedFromMaven, findProgram, freePorts, runQuietly } from './tools.mjs';

/** The jars of Kafka, its Java client among them: a class path. */
export async function kafkaClassPath() {
  return join(await cachedFromMaven('kafka', 'copy-dependencies'), '*');
}

/**
 * Starts a Kafka of one node in KRaft mode on loopback.
 *
 * @param {object} [options]
 * @param {Readonly<Record<string, string>>} [options.settings] - Of `server.properties`, over ours.
 * @param {readonly { name: string, protocol: string }[]} [options.listeners] - Besides the plain one.
 * @param {Readonly<Record<string, string>>} [options.scramUsers] - Passwords by user, for SCRAM-SHA-256.
 * @param {{ folder: string, ports: readonly [number, number] }} [options.keep] - Where the data stays when it ends, and the ports, which the
 *   data knows. Otherwise folder and ports are its own, and the data goes with it.
 * @returns {Promise<import('./server.mjs').Server & { readonly addresses: Readonly<Record<string, string>>, readonly controllerAddress: string }>}
 *   `address` is that of the plain listener, `addresses` those of the others by name
 */
export async function startKafka({ settings = {}, listeners = [], scramUsers = {}, keep } = {}) {
  const java = findProgram('java');
  if (java === undefined) throw new Unavailable('Java is not installed');
  const folder = keep?.folder ?? createServerFolder('kafka');
  mkdirSync(folder, { recursive: true });
  const free = await freePorts(2 + listeners.length);
  const [port, controllerPort, ...ports] = [...(keep?.ports ?? free.slice(0, 2)), ...free.slice(2)];
  const addresses = Object.fromEntries(listeners.map(({ name }, at) => [name, `127.0.0.1:${ports[at]}`]));
  const properties = join(folder, 'server.properties');
  const all = [{ name: 'PLAIN', protocol: 'PLAINTEXT' }, ...listeners];
  const listen = [`PLAIN://127.0.0.1:${port}`, ...Object.entries(addresses).map(([n, a]) => `${n}://${a}`)];
  const lines = {
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
    'log.dirs': join(folder, 'data'),
    'offsets.topic.replication.factor': 1,
    'offsets.topic.num.partitions': 4,
    'transaction.state.log.replication.factor': 1,
    'transaction.state.log.min.isr': 1,
    'group.initial.rebalance.delay.ms': 0,
    'log.retention.check.interval.ms': 1_000,
    'auto.create.topics.enable': false,
    ...settings,
  };
  const text = Object.entries(lines).map(([key, value]) => `${key}=${value}`);
  writeFileSync(properties, `${text.join('\n')}\n`);
  const classes = ['-cp', await kafkaClassPath()];
  const id = randomBytes(16).toString('base64url').replace(/^-/, 'a');
  const format = ['kafka.tools.StorageTool', 'format', '--standalone', '-t', id, '-c', properties];
  for (const [name, password] of Object.entries(scramUsers))
    format.push('--add-scram', `SCRAM-SHA-256=[name=${name},password=${password}]`);
  // Without this file formatting was broken off.
  if (!existsSync(join(folder, 'data', 'meta.properties'))) {
    rmSync(join(folder, 'data'), { recursive: true, force: true });
    await runQuietly(java, [...classes, ...format]);
  }
  const server = await startServer({
    ...{
      name: 'Kafka',
      address: `127.0.0.1:${port}`,
      folder,
      port,
      command: java,
      isKept: keep !== undefined,
    },
    args: [
      ...['-Xmx512m', '-XX:+UseSerialGC', '-Dorg.slf4j.simpleLogger.defaultLogLevel=warn'],
      ...[...classes, 'kafka.Kafka', properties],
    ],
  });
  return Object.assign(server, { addresses, controllerAddress: `127.0.0.1:${controllerPort}` });
}
