import { isVigilantError } from '@vigilant/core';
import type { Vigilant } from '@vigilant/core';
import { serveGrpc } from '@vigilant/grpc';
import { compose } from './compose';
import { ignoreClosedOutput, print, printDiagnostic } from './output';
import type { Settings } from './settings';
import { readSettings } from './settings';
import { stopOnSignals } from './stop';

const DURABILITY = {
  memory: 'accepted events are lost in a crash',
  disk: 'accepted events survive a crash',
  replicated: 'accepted events survive the loss of a machine',
};

function placesOf({ broker, store, folder, kafka, mysqlUrl }: Settings): string {
  const inBroker = {
    sqlite: folder,
    kafka: `topic ${kafka.topic} at ${kafka.brokers.join(', ')}`,
    memory: 'memory',
  };
  const { host, pathname } = new URL(store === 'mysql' ? mysqlUrl : 'mysql://unused');
  const inStore = {
    sqlite: folder,
    mysql: `database ${pathname.slice(1) || 'vigilant'} at ${host}`,
    memory: 'memory',
  };
  return [...new Set([inBroker[broker], inStore[store]])].join(', then ');
}

async function introduce(vigilant: Vigilant, address: string, settings: Settings): Promise<void> {
  const { state, reasons, store, broker, capabilities } = await vigilant.status();
  print(`gRPC        ${address}`);
  print(`data        ${placesOf(settings)}`);
  print(`events      ${store?.events ?? 0} stored, ${broker.pendingEvents} waiting`);
  print(`durability  ${DURABILITY[broker.durability ?? capabilities.broker.durability]}`);
  if (state === 'degraded') print(`degraded    ${reasons.join('; ')}`);
  print(
    `try         npx buf curl --protocol grpc --http2-prior-knowledge -d '{"event": {"message": "hello"}}' \\`,
  );
  print(`              http://${address}/vigilant.v1.EventService/LogEvent`);
}

/** Opens the engine. Continues if the database server does not answer yet, since the broker accepts events without it. */
async function openOrWait(vigilant: Vigilant, { store }: Settings): Promise<void> {
  try {
    await vigilant.open();
  } catch (error) {
    const mayRecover =
      isVigilantError(error) && error.code === 'VIGILANT_STORE_UNAVAILABLE' && error.retryable;
    if (store !== 'mysql' || !mayRecover) throw error;
    print(`waiting     ${error.message} Events are accepted; queries fail until the store answers.`);
  }
}

async function main(): Promise<void> {
  ignoreClosedOutput();
  const settings = readSettings(process.env);
  const { host, port } = settings;
  const vigilant = compose(settings, printDiagnostic);
  try {
    await openOrWait(vigilant, settings);
    const server = await serveGrpc(vigilant, { host, port, onDiagnostic: printDiagnostic });
    stopOnSignals(server, vigilant);
    await introduce(vigilant, server.address, settings);
  } catch (error) {
    await vigilant.close();
    throw error;
  }
}

/** Which variable an option of an adapter comes from. */
const VARIABLES = {
  brokers: 'VIGILANT_KAFKA_BROKERS',
  topic: 'VIGILANT_KAFKA_TOPIC',
  groupId: 'VIGILANT_KAFKA_GROUP',
  instanceId: 'VIGILANT_KAFKA_INSTANCE',
  url: 'VIGILANT_MYSQL_URL',
} as const;

function explain(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error);
  if (!isVigilantError(error)) return text;
  if (error.code === 'VIGILANT_ADDRESS_IN_USE') return `${text} Set VIGILANT_GRPC_PORT to another one.`;
  const option = Object.keys(VARIABLES).find((name) => new RegExp(`^${name}\\b`).test(text));
  const isOption = error.code === 'VIGILANT_OPTIONS_INVALID' && option !== undefined;
  return isOption ? `${VARIABLES[option as keyof typeof VARIABLES]}: ${text}` : text;
}

main().catch((error: unknown) => {
  console.error(`vigilant: ${explain(error)}`);
  process.exitCode = 1;
});
