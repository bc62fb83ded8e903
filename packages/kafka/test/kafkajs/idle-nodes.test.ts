import { describe, expect, it } from 'vitest';
import { watchIdleNodes } from '../../src/kafkajs/idle-nodes';
import type { FetchingGroup } from '../../src/kafkajs/idle-nodes';

/** Creates a group on partition 0 of node 1 and partition 1 of node 2, whose `fetch` resolves to its maximum wait. */
function createGroup(paused: readonly number[]) {
  const group: FetchingGroup = {
    maxWaitTime: 5_000,
    subscriptionState: { assigned: () => [{ topic: 't', partitions: [0, 1] }] },
    filterPartitionsByNode: (nodeId) => [{ topic: 't', partitions: [nodeId - 1] }],
    getActiveTopicPartitions: () => ({ t: new Set([0, 1].filter((each) => !paused.includes(each))) }),
    async fetch() {
      return [{ waitMs: this.maxWaitTime }];
    },
  };
  watchIdleNodes(group);
  return group;
}

describe('watchIdleNodes', () => {
  it('shortens the wait on a node whose partitions are all paused', async () => {
    expect(await createGroup([1]).fetch(2)).toEqual([{ waitMs: 200 }]);
  });

  it('does not change the wait on a node with something to fetch', async () => {
    expect(await createGroup([1]).fetch(1)).toEqual([{ waitMs: 5_000 }]);
  });

  it('does not change the group itself', async () => {
    const group = createGroup([1]);
    await group.fetch(2);
    expect(group.maxWaitTime).toBe(5_000);
  });
});
