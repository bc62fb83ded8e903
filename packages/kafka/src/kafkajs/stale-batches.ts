import ConsumerGroup from 'kafkajs/src/consumer/consumerGroup.js';
import Runner from 'kafkajs/src/consumer/runner.js';

/** The members of a kafkajs consumer group that `dropStaleBatches` uses. */
export interface GroupPrototype {
  readonly offsetManager: object | null;
  fetch(nodeId: number): Promise<object[]>;
}

/** The method of a kafkajs runner that `dropStaleBatches` replaces. */
export interface RunnerPrototype {
  handleBatch(batch: object): Promise<void>;
}

const patched = new WeakSet<object>();

/**
 * Patches kafkajs 2.2.4 to drop batches that were requested before the last rebalance.
 *
 * kafkajs fetches from each node in a separate loop, and one of these loops rejoins the group. A batch that another loop
 * receives afterwards starts at a position of the previous assignment. Processing it would advance the position of the new
 * assignment past records that are not stored.
 */
export function dropStaleBatches(
  group: GroupPrototype = ConsumerGroup.prototype,
  runner: RunnerPrototype = Runner.prototype,
): void {
  if (patched.has(group)) return;
  patched.add(group);
  const isStale = new WeakMap<object, () => boolean>();
  const { fetch } = group;
  group.fetch = async function (this: GroupPrototype, nodeId) {
    // Each assignment has its own offset manager.
    const { offsetManager } = this;
    const batches = await fetch.call(this, nodeId);
    for (const batch of batches) isStale.set(batch, () => this.offsetManager !== offsetManager);
    return batches;
  };
  const { handleBatch } = runner;
  runner.handleBatch = async function (this: RunnerPrototype, batch) {
    if (isStale.get(batch)?.() !== true) await handleBatch.call(this, batch);
  };
}
