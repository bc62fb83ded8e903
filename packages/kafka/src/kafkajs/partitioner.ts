import kafkajs from 'kafkajs';
import type { Message, PartitionMetadata, PartitionerArgs } from 'kafkajs';

/** A message that shares the partition of its batch. */
export interface BatchMessage extends Message {
  /** Number of the batch; `undefined` for a message whose key selects the partition. */
  readonly batch: number | undefined;
}

/** Creates a partitioner that assigns batches to the partitions in turn, and other messages by their key. */
export function createPartitioner(): (args: PartitionerArgs) => number {
  const byKey = kafkajs.Partitioners.DefaultPartitioner();
  /** The previous assignment: the messages of a batch follow each other. */
  let last: { batch: number; all: readonly PartitionMetadata[]; partition: number } | undefined;
  return (args) => {
    const { batch } = args.message as BatchMessage;
    if (batch === undefined) return byKey(args);
    const all = args.partitionMetadata;
    if (last?.batch !== batch || last.all !== all) last = { batch, all, partition: inTurn(batch, all) };
    return last.partition;
  };
}

/** Returns the partition of a batch, or the next one that has a leader. */
function inTurn(batch: number, all: readonly PartitionMetadata[]): number {
  const partitions = [...all].sort((a, b) => a.partitionId - b.partitionId);
  const first = batch % partitions.length;
  const candidates = [...partitions.slice(first), ...partitions.slice(0, first)];
  return (candidates.find(({ leader }) => leader >= 0) ?? candidates[0])?.partitionId ?? 0;
}
