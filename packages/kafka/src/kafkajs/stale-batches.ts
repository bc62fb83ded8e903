import ConsumerGroup from 'kafkajs/src/consumer/consumerGroup.js';
import Runner from 'kafkajs/src/consumer/runner.js';

/** The parts of kafkajs's consumer groups and runners that matter here. */
export interface GroupPrototype {
  readonly offsetManager: object | null;
  fetch(nodeId: number): Promise<object[]>;
}
export interface RunnerPrototype {
  handleBatch(batch: object): Promise<void>;
}

/**
 * Makes kafkajs 2.2.4 drop batches that were asked for before the group's last change.
 *
 * It fetches from each broker on its own, and joins again from within one of these fetches. What another of them brings
 * afterwards follows on positions of the earlier assignment: taken for records of the new one, it would move the position past
 * records that nobody has stored.
 */
export function dropStaleBatches(
  group: GroupPrototype = ConsumerGroup.prototype,
  runner: RunnerPrototype = Runner.prototype,
): void {
  if (done.has(group)) return;
  done.add(group);
  const isStale = new WeakMap<object, () => boolean>();
  const { fetch } = group;
  group.fetch = async function (this: GroupPrototype, nodeId) {
    // Each assignment has one of its own.
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

const done = new WeakSet<object>();
