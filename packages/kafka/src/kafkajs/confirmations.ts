import Broker from 'kafkajs/src/broker/index.js';
import type { ProduceResponse, ProduceRequest } from 'kafkajs/src/broker/index.js';

/** The method of a kafkajs node that `noteConfirmations` replaces. */
export interface NodePrototype {
  produce(request: ProduceRequest): Promise<ProduceResponse>;
}

/** The position of a message in its topic. */
export interface MessagePosition {
  readonly partition: number;
  readonly offset: number;
}

const positions = new WeakMap<object, MessagePosition>();
const patched = new WeakSet<NodePrototype>();

/** Returns the position of a message; `undefined` until a node has confirmed it. */
export function positionOf(message: object): MessagePosition | undefined {
  return positions.get(message);
}

/**
 * Patches kafkajs 2.2.4 to record which messages the nodes have confirmed.
 *
 * A resolved `send` does not prove it: a retry inside `send` skips every node that has already answered. If the partition of
 * a failed node has moved to one of those, its messages are never sent, yet `send` resolves.
 */
export function noteConfirmations(node: NodePrototype = Broker.prototype): void {
  if (patched.has(node)) return;
  patched.add(node);
  const { produce } = node;
  node.produce = async function (this: NodePrototype, request) {
    const answer = await produce.call(this, request);
    for (const { topic, partitions } of request.topicData) {
      const answered = answer.topics.find(({ topicName }) => topicName === topic)?.partitions ?? [];
      for (const { partition, messages } of partitions) {
        const found = answered.find((each) => each.partition === partition);
        if (found === undefined) continue;
        const firstOffset = Number(found.baseOffset);
        for (const [index, message] of messages.entries())
          positions.set(message, { partition, offset: firstOffset + index });
      }
    }
    return answer;
  };
}
