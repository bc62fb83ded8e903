import type { RetentionStatus, Vigilant } from '@vigilant/core';
import { print } from './output';
import type { Settings } from './settings';

const DURABILITY = {
  memory: 'accepted events are lost in a crash',
  unsynced: 'accepted events survive a crash of a process, but not of a machine',
  disk: 'accepted events survive a crash',
  replicated: 'accepted events survive the loss of a machine',
};

/** Prints the addresses, the location of the data and the state of a server that has started. */
export async function introduce(
  vigilant: Vigilant,
  addresses: { readonly console: string; readonly grpc: string },
  settings: Settings,
): Promise<void> {
  const { state, reasons, store, broker, retention, capabilities } = await vigilant.status();
  print(`console     ${addresses.console}`);
  print(`gRPC        ${addresses.grpc}`);
  print(`data        ${locationsOf(settings)}`);
  print(`events      ${store?.events ?? 0} stored, ${broker.pendingEvents} waiting`);
  print(`retention   ${describeRetention(retention)}`);
  print(`durability  ${DURABILITY[broker.durability ?? capabilities.broker.durability]}`);
  if (settings.isDemo) print('demo        a shop logs events of the last hour, and new ones from now on');
  if (state === 'degraded') print(`degraded    ${reasons.join('; ')}`);
  print(`try         curl ${addresses.console}v1/events -H 'Content-Type: application/json' \\`);
  print(`              -d '{"message": "hello"}'`);
}

function describeRetention({
  maxAge = 'forever',
  byLevel = {},
  maxBytes,
}: Partial<RetentionStatus> = {}): string {
  const ages = Object.entries(byLevel).map(([level, age]) => `, ${level} ${lifetimeOf(age)}`);
  const size = maxBytes === undefined ? '' : `, at most ${maxBytes} bytes`;
  return `events are kept ${lifetimeOf(maxAge)}${ages.join('')}${size}`;
}

function lifetimeOf(age: string): string {
  return age === 'forever' ? age : `for ${age}`;
}

/** Returns where the data of the broker and the store is located. */
function locationsOf(settings: Settings): string {
  return [...new Set([brokerLocation(settings), storeLocation(settings)])].join(', then ');
}

function brokerLocation({ broker, folder, kafka }: Settings): string {
  if (broker === 'kafka') return `topic ${kafka.topic} at ${kafka.brokers.join(', ')}`;
  return broker === 'sqlite' ? folder : 'memory';
}

function storeLocation({ store, folder, mysql }: Settings): string {
  if (store !== 'mysql') return store === 'sqlite' ? folder : 'memory';
  const { host, pathname } = new URL(mysql.url);
  return `database ${pathname.slice(1) || 'vigilant'} at ${host}`;
}
