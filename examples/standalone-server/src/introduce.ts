import type { Vigilant } from '@vigilant/core';
import { print } from './output';
import type { Settings } from './settings';

const DURABILITY = {
  memory: 'accepted events are lost in a crash',
  disk: 'accepted events survive a crash',
  replicated: 'accepted events survive the loss of a machine',
};

/** Prints the addresses, the location of the data and the state of a server that has started. */
export async function introduce(
  vigilant: Vigilant,
  addresses: { readonly console: string; readonly grpc: string },
  settings: Settings,
): Promise<void> {
  const { state, reasons, store, broker, capabilities } = await vigilant.status();
  print(`console     ${addresses.console}`);
  print(`gRPC        ${addresses.grpc}`);
  print(`data        ${locationsOf(settings)}`);
  print(`events      ${store?.events ?? 0} stored, ${broker.pendingEvents} waiting`);
  print(`durability  ${DURABILITY[broker.durability ?? capabilities.broker.durability]}`);
  if (settings.isDemo) print('demo        a shop logs events of the last hour, and new ones from now on');
  if (state === 'degraded') print(`degraded    ${reasons.join('; ')}`);
  print(`try         curl ${addresses.console}v1/events -H 'Content-Type: application/json' \\`);
  print(`              -d '{"message": "hello"}'`);
}

function locationsOf({ broker, store, folder, kafka, mysqlUrl }: Settings): string {
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
