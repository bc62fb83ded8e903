import ConsumerGroup from 'kafkajs/src/consumer/consumerGroup.js';
import type { TopicPartitions } from 'kafkajs/src/consumer/consumerGroup.js';

/** Pause before a node that has nothing to fetch is looked at again, in milliseconds. */
const IDLE_NODE_MS = 200;

/** The parts of a consumer group of kafkajs that matter here. */
export interface FetchingGroup {
  readonly maxWaitTime: number;
  readonly subscriptionState: { assigned(): readonly TopicPartitions[] };
  filterPartitionsByNode(nodeId: number, assigned: readonly TopicPartitions[]): readonly TopicPartitions[];
  /** Those that are not paused, by topic. */
  getActiveTopicPartitions(): Readonly<Record<string, ReadonlySet<number>>>;
  fetch(nodeId: number): Promise<object[]>;
}

const patched = new WeakSet<FetchingGroup>();

/**
 * Makes kafkajs 2.2.4 look often at nodes that have nothing to fetch.
 *
 * By itself it sleeps there for the whole time that a fetch may wait. Until then it neither fetches partitions of the node that
 * are resumed, nor stops.
 */
export function watchIdleNodes(group: FetchingGroup = ConsumerGroup.prototype): void {
  if (patched.has(group)) return;
  patched.add(group);
  const { fetch } = group;
  group.fetch = function (this: FetchingGroup, nodeId) {
    if (!isIdle(this, nodeId)) return fetch.call(this, nodeId);
    // Only this call sees the short time; whatever it changes, it changes in the group.
    const impatient = new Proxy(this, {
      get: (target, name) => (name === 'maxWaitTime' ? IDLE_NODE_MS : Reflect.get(target, name, target)),
    });
    return fetch.call(impatient, nodeId);
  };
}

function isIdle(group: FetchingGroup, nodeId: number): boolean {
  try {
    const active = group.getActiveTopicPartitions();
    return group
      .filterPartitionsByNode(nodeId, group.subscriptionState.assigned())
      .every(({ topic, partitions }) =>
        partitions.every((partition) => active[topic]?.has(partition) !== true),
      );
  } catch {
    // Nothing is known of the topics yet, which the fetch finds out.
    return false;
  }
}
