import { isVigilantError } from '@vigilant/core';
import type { Diagnostic, Vigilant } from '@vigilant/core';
import { serveGrpc } from '@vigilant/grpc';
import { compose } from './compose';
import type { Settings } from './settings';
import { readSettings } from './settings';

const DURABILITY = {
  memory: 'accepted events are lost in a crash',
  disk: 'accepted events survive a crash',
  replicated: 'accepted events survive the loss of a machine',
};

function print(text: string): void {
  console.log(text);
}

function printDiagnostic({ level, component, message, suppressed }: Diagnostic): void {
  if (level === 'debug') return;
  console.error(`${level}: ${component}: ${message}${suppressed ? ` (and ${suppressed} more)` : ''}`);
}

/** Ends cleanly at the first signal; a second one ends at once. */
function onStop(stop: (signal: string) => Promise<void>): void {
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.once(signal, () => {
      process.once(signal, () => process.exit(130));
      void stop(signal);
    });
  }
}

function placesOf({ broker, store, folder, kafka, mysqlUrl }: Settings): string {
  const inBroker = {
    sqlite: folder,
    kafka: `topic ${kafka.topic} at ${kafka.brokers.join(', ')}`,
    memory: 'memory',
  };
  const { host, pathname } = new URL(mysqlUrl);
  const inStore = { sqlite: folder, mysql: `database ${pathname.slice(1)} at ${host}`, memory: 'memory' };
  return [...new Set([inBroker[broker], inStore[store]])].join(', then ');
}

async function introduce(vigilant: Vigilant, address: string, settings: Settings): Promise<void> {
  const { store, broker, capabilities } = await vigilant.status();
  print(`gRPC        ${address}`);
  print(`data        ${placesOf(settings)}`);
  print(`events      ${store?.events ?? 0} stored, ${broker.pendingEvents} waiting`);
  print(`durability  ${DURABILITY[capabilities.broker.durability]}`);
  print(
    `try         npx buf curl --protocol grpc --http2-prior-knowledge -d '{"event": {"message": "hello"}}' \\`,
  );
  print(`              http://${address}/vigilant.v1.EventService/LogEvent`);
}

async function main(): Promise<void> {
  const settings = readSettings(process.env);
  const { host, port } = settings;
  const vigilant = compose(settings, printDiagnostic);
  await vigilant.open();
  const server = await serveGrpc(vigilant, { host, port }).catch(async (error: unknown) => {
    await vigilant.close();
    throw error;
  });
  onStop(async (signal) => {
    print(`${signal}: stopping`);
    await server.close();
    const { stored, left, lost } = await vigilant.close();
    print(`stopped; ${stored} stored, ${left} left for the next start, ${lost} lost`);
  });
  await introduce(vigilant, server.address, settings);
}

main().catch((error: unknown) => {
  const text = error instanceof Error ? error.message : String(error);
  console.error(
    `vigilant: ${isVigilantError(error) && error.code === 'VIGILANT_ADDRESS_IN_USE' ? `${text} Set VIGILANT_GRPC_PORT to another one.` : text}`,
  );
  process.exitCode = 1;
});
