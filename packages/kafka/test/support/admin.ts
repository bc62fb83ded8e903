import kafkajs from 'kafkajs';
import { onTestFinished } from 'vitest';

/** Looks at a Kafka from outside. */
export interface TestAdmin {
  /** Where each partition of a topic ends, in their order. */
  ends(topic: string): Promise<readonly number[]>;
  /** The positions of a group, by partition in their order; -1 where it has none. */
  committed(group: string, topic: string): Promise<readonly number[]>;
  /** The ids of the members of a group; a member that was shut out comes back with another one. */
  members(group: string): Promise<readonly string[]>;
}

/** Connects an admin client, which is disconnected when the test is over. */
export async function createAdmin(address: string): Promise<TestAdmin> {
  const admin = new kafkajs.Kafka({ brokers: [address], logLevel: kafkajs.logLevel.NOTHING }).admin();
  await admin.connect();
  onTestFinished(() => admin.disconnect());
  const inOrder = <T extends { readonly partition: number }>(list: readonly T[]): readonly T[] =>
    [...list].sort((a, b) => a.partition - b.partition);
  return {
    ends: async (topic) => inOrder(await admin.fetchTopicOffsets(topic)).map(({ high }) => Number(high)),
    async committed(groupId, topic) {
      const [answer] = await admin.fetchOffsets({ groupId, topics: [topic] });
      return inOrder(answer?.partitions ?? []).map(({ offset }) => Number(offset));
    },
    async members(group) {
      const { groups } = await admin.describeGroups([group]);
      return (groups[0]?.members ?? []).map(({ memberId }) => memberId).sort();
    },
  };
}
