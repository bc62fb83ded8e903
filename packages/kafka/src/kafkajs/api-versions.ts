import Broker from 'kafkajs/src/broker/index.js';
import { requests } from 'kafkajs/src/protocol/requests/index.js';
import apiKeys from 'kafkajs/src/protocol/requests/apiKeys.js';

/** Requests in use, by the names of kafkajs. */
const USED = [
  'Produce',
  'Fetch',
  'ListOffsets',
  'Metadata',
  'CreateTopics',
  'DescribeConfigs',
  'OffsetCommit',
  'OffsetFetch',
  'GroupCoordinator',
  'JoinGroup',
  'SyncGroup',
  'Heartbeat',
  'LeaveGroup',
];

/** Names of Kafka that differ from those of kafkajs. */
const KAFKA_NAMES: Readonly<Record<string, string>> = { GroupCoordinator: 'FindCoordinator' };

/** Versions of a request, both inclusive. */
interface VersionRange {
  readonly minVersion: number;
  readonly maxVersion: number;
}

/** Thrown when a node and this client have no version of a request in common. */
export class UnsupportedBroker extends Error {
  /** Prevents retries by kafkajs. */
  readonly retriable = false;
  /** Whether the node lacks a request that every listener for clients accepts. */
  readonly isNotForClients: boolean;

  constructor(problems: readonly string[], isNotForClients: boolean) {
    super(problems.join('; '));
    this.name = 'UnsupportedBroker';
    this.isNotForClients = isNotForClients;
  }
}

let isPatched = false;

/**
 * Patches kafkajs 2.2.4 to compare its API versions with those of each node, and to request them again after a failure.
 *
 * Without the patch, kafkajs compares only the upper limits, and a node that is too new closes the connection when it receives a
 * request. A node that did not report its versions in time counts as connected, although no request can be sent to it.
 */
export function checkApiVersions(): void {
  if (isPatched) return;
  isPatched = true;
  const prototype = Broker.prototype;
  const { apiVersions } = prototype;
  prototype.apiVersions = async function (this: Broker) {
    try {
      const offered = await apiVersions.call(this);
      compare(offered);
      return offered;
    } catch (error) {
      await this.disconnect();
      throw error;
    }
  };
}

/** @throws {UnsupportedBroker} */
function compare(offered: Readonly<Record<number, VersionRange>>): void {
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
