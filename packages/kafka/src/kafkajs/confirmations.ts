import Broker from 'kafkajs/src/broker/index.js';
import type { ProduceAnswer, ProduceRequest } from 'kafkajs/src/broker/index.js';

/** The part of a node of kafkajs that matters here. */
export interface NodePrototype {
  produce(request: ProduceRequest): Promise<ProduceAnswer>;
}

/** Where Kafka keeps a message. */
export interface Place {
  readonly partition: number;
  readonly offset: number;
}

const places = new WeakMap<object, Place>();
const patched = new WeakSet<NodePrototype>();

/** Returns where the message is, or `undefined` while no node has confirmed it. */
export function placeOf(message: object): Place | undefined {
  return places.get(message);
}

/**
 * Makes kafkajs 2.2.4 remember which messages the nodes have confirmed.
 *
 * The promise of its `send` does not prove that. A retry inside `send` skips every node that has already answered. When the
 * partition of a node that failed has moved to one of those, the messages for it are never sent, yet `send` resolves.
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
          places.set(message, { partition, offset: firstOffset + index });
      }
    }
    return answer;
  };
}
