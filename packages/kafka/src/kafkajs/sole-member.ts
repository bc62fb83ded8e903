import type { Broker, Cluster } from 'kafkajs';

/** Member id. The member is its own leader, which assigns the partitions. */
const SELF = 'self';

/** Offset that stands for no committed offset. */
const NONE = '-1';

interface JoinGroupRequest {
  readonly groupProtocols: readonly { readonly name: string; readonly metadata: Buffer }[];
}

interface SyncGroupRequest {
  readonly groupAssignment: readonly { readonly memberAssignment: Buffer }[];
}

interface OffsetFetchRequest {
  readonly topics: readonly {
    readonly topic: string;
    readonly partitions: readonly { readonly partition: number }[];
  }[];
}

/**
 * Makes the consumer of this cluster the only member of a group that exists only in this process. It receives every partition
 * and starts at the end.
 *
 * A consumer of kafkajs 2.2.4 always joins a group. Kafka delays the first member of each group, by 3 s unless
 * `group.initial.rebalance.delay.ms` is set, and requires a right and a coordinator for it.
 */
export function joinAlone(cluster: Cluster): void {
  const coordinator = createCoordinator() as unknown as Broker;
  cluster.findGroupCoordinator = async () => coordinator;
}

/** Creates an object with the methods of a node that kafkajs calls on the coordinator of a group. */
function createCoordinator() {
  return {
    isConnected: () => true,
    async joinGroup({ groupProtocols }: JoinGroupRequest) {
      const [protocol] = groupProtocols;
      const members = [{ memberId: SELF, memberMetadata: protocol?.metadata }];
      return { generationId: 1, leaderId: SELF, memberId: SELF, groupProtocol: protocol?.name, members };
    },
    async syncGroup({ groupAssignment }: SyncGroupRequest) {
      return { memberAssignment: groupAssignment[0]?.memberAssignment };
    },
    async heartbeat() {},
    async leaveGroup() {},
    async offsetFetch({ topics }: OffsetFetchRequest) {
      const responses = topics.map(({ topic, partitions }) => ({
        topic,
        partitions: partitions.map(({ partition }) => ({ partition, offset: NONE })),
      }));
      return { responses };
    },
    async offsetCommit() {},
  };
}
