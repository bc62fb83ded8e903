import Broker from 'kafkajs/src/broker/index.js';
import { requests } from 'kafkajs/src/protocol/requests/index.js';
import apiKeys from 'kafkajs/src/protocol/requests/apiKeys.js';

/** What is asked of Kafka, by kafkajs's names. */
const USED = [
  ...['Produce', 'Fetch', 'ListOffsets', 'Metadata', 'CreateTopics', 'DescribeConfigs', 'OffsetCommit'],
  ...['OffsetFetch', 'GroupCoordinator', 'JoinGroup', 'SyncGroup', 'Heartbeat', 'LeaveGroup'],
];

/** Where Kafka's own name is another one. */
const KAFKA_NAMES: Readonly<Record<string, string>> = { GroupCoordinator: 'FindCoordinator' };

/** Versions of a request, both inclusive. */
interface Range {
  readonly minVersion: number;
  readonly maxVersion: number;
}

/** A broker and this client have no version of a request in common. */
export class UnsupportedBroker extends Error {
  /** kafkajs does not try again. */
  readonly retriable = false;
  /** It lacks a request that every listener for clients takes. */
  readonly isNoClientListener: boolean;

  constructor(problems: readonly string[], isNoClientListener: boolean) {
    super(problems.join('; '));
    this.name = 'UnsupportedBroker';
    this.isNoClientListener = isNoClientListener;
  }
}

/**
 * Makes kafkajs 2.2.4 compare versions with each broker that it gets to know, and ask again when that fails.
 *
 * By itself it looks at the upper ends alone, so that a broker too new for it gets requests that it only answers by
 * closing the connection. And a broker that did not tell its versions in time counts as connected, without any
 * request that could be sent to it, as long as the connection lasts.
 */
export function checkApiVersions(): void {
  if (isChecked) return;
  isChecked = true;
  const prototype = Broker.prototype;
  const ask = prototype.apiVersions;
  prototype.apiVersions = async function (this: Broker) {
    try {
      const offered = await ask.call(this);
      compare(offered);
      return offered;
    } catch (error) {
      await this.disconnect();
      throw error;
    }
  };
}

let isChecked = false;

/** @throws {UnsupportedBroker} */
function compare(offered: Readonly<Record<number, Range>>): void {
  const problems: string[] = [];
  let isMissingSome = false;
  for (const name of USED) {
    const own = (requests[name]?.versions ?? []).map(Number);
    const [lowest, highest] = [Math.min(...own), Math.max(...own)];
    const theirs = offered[apiKeys[name] ?? -1];
    if (theirs === undefined) isMissingSome = true;
    else if (theirs.minVersion <= highest && theirs.maxVersion >= lowest) continue;
    const range = theirs === undefined ? 'none' : `${theirs.minVersion} to ${theirs.maxVersion}`;
    problems.push(`${KAFKA_NAMES[name] ?? name}: broker ${range}, client ${lowest} to ${highest}`);
  }
  if (problems.length > 0) throw new UnsupportedBroker(problems, isMissingSome);
}
