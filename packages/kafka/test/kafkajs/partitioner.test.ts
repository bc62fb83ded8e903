import { describe, expect, it } from 'vitest';
import { createPartitioner } from '../../src/kafkajs/partitioner';

/** Assigns a message of each batch to one of these partitions, some of which have no leader. */
function assign(
  batches: readonly number[],
  partitions: readonly number[],
  leaderless: readonly number[] = [],
) {
  const partitionMetadata = partitions.map((partitionId) => ({
    ...{ partitionId, partitionErrorCode: 0, replicas: [1], isr: [1] },
    leader: leaderless.includes(partitionId) ? -1 : 1,
  }));
  const partitioner = createPartitioner();
  return batches.map((batch) => {
    const message = { key: `key-${Math.random()}`, value: null, batch };
    return partitioner({ topic: 't', partitionMetadata, message });
  });
}

describe('createPartitioner', () => {
  it('assigns batches to the partitions in turn', () => {
    expect(assign([7, 8, 9, 10, 11], [2, 0, 3, 1])).toEqual([3, 0, 1, 2, 3]);
  });

  it('keeps the messages of a batch in one partition', () => {
    expect(new Set(assign(Array<number>(50).fill(6), [0, 1, 2, 3]))).toEqual(new Set([2]));
  });

  it('assigns a batch to the next partition while its own has no leader', () => {
    expect(assign([0, 1, 2, 3], [0, 1, 2, 3], [1, 2])).toEqual([0, 3, 3, 3]);
    expect(assign([1], [0, 1], [0, 1])).toEqual([1]);
  });

  it('assigns other messages by their key', () => {
    const partitioner = createPartitioner();
    const partitionMetadata = [0, 1, 2, 3].map((partitionId) => ({
      ...{ partitionId, partitionErrorCode: 0, replicas: [1], isr: [1], leader: 1 },
    }));
    const partitionOf = (key: string): number =>
      partitioner({ topic: 't', partitionMetadata, message: { key, value: null } });
    const keys = Array.from({ length: 20 }, (_, n) => `source-${n}`);
    expect(keys.map(partitionOf)).toEqual(keys.map(partitionOf));
    expect(new Set(keys.map(partitionOf)).size).toBe(4);
  });
});
