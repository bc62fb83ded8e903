import type { Kafka, Message } from 'kafkajs';
import { describe, expect, it } from 'vitest';
import { noteConfirmations, positionOf } from '../../src/kafkajs/confirmations';
import type { NodePrototype } from '../../src/kafkajs/confirmations';
import { createKafkajsProducer } from '../../src/kafkajs/kafkajs-producer';

const record = (key: string) => ({ key, value: Buffer.from(key) });

/** Creates a node that confirms the partitions that the test selects. */
function createNode(confirms: (partition: number) => boolean): NodePrototype {
  const node: NodePrototype = {
    produce: async ({ topicData }) => ({
      topics: topicData.map(({ topic, partitions }) => ({
        topicName: topic,
        partitions: partitions
          .map(({ partition }) => ({ partition, baseOffset: '10' }))
          .filter(({ partition }) => confirms(partition)),
      })),
    }),
  };
  noteConfirmations(node);
  return node;
}

describe('noteConfirmations', () => {
  const request = (a: object, b: object) => ({
    topicData: [
      {
        topic: 't',
        partitions: [
          { partition: 0, messages: [{}, a] },
          { partition: 1, messages: [b] },
        ],
      },
    ],
  });

  it('records the position of each message whose partition is in the response', async () => {
    const [a, b] = [{}, {}];
    await createNode((partition) => partition === 0).produce(request(a, b));
    expect([positionOf(a), positionOf(b)]).toEqual([{ partition: 0, offset: 11 }, undefined]);
  });

  it('records nothing for a request that the node rejects', async () => {
    const [a, b] = [{}, {}];
    const node: NodePrototype = { produce: () => Promise.reject(new Error('NOT_LEADER')) };
    noteConfirmations(node);
    await expect(node.produce(request(a, b))).rejects.toThrow('NOT_LEADER');
    expect([positionOf(a), positionOf(b)]).toEqual([undefined, undefined]);
  });
});

describe('createKafkajsProducer', () => {
  /** Creates a producer whose `send` resolves although a partition was not sent, as that of kafkajs does. Each partition has one message. */
  const create = (isSent: (partition: number, send: number) => boolean) => {
    const sends: (readonly string[])[] = [];
    const send = async ({ messages }: { messages: Message[] }): Promise<void> => {
      sends.push(messages.map(({ key }) => String(key)));
      const count = sends.length;
      const partitions = messages.map((message) => ({ partition: Number(message.key), messages: [message] }));
      const node = createNode((partition) => isSent(partition, count));
      await node.produce({ topicData: [{ topic: 't', partitions }] });
    };
    const kafka = { producer: () => ({ send }) } as unknown as Kafka;
    return { sends, producer: createKafkajsProducer(kafka, 'none') };
  };

  it('resends only the records that no node has confirmed', async () => {
    const { sends, producer } = create((partition, send) => partition === 0 || send > 1);
    const ends = await producer.produce('t', ['0', '1', '2'].map(record));
    expect(sends).toEqual([
      ['0', '1', '2'],
      ['1', '2'],
    ]);
    expect(ends).toEqual([0, 1, 2].map((partition) => ({ partition, end: 11 })));
  });

  it('rejects with a retryable error when a partition is never confirmed', async () => {
    const { producer } = create((partition) => partition === 0);
    await expect(producer.produce('t', ['0', '1'].map(record))).rejects.toMatchObject({
      code: 'VIGILANT_BROKER_UNAVAILABLE',
      retryable: true,
    });
  });

  it('skips confirmed records when the caller repeats a call that was rejected', async () => {
    let isHealed = false;
    const { sends, producer } = create((partition) => partition === 0 || isHealed);
    const records = ['0', '1'].map(record);
    await producer.produce('t', records).catch(() => {});
    isHealed = true;
    sends.length = 0;
    await producer.produce('t', records);
    expect(sends).toEqual([['1']]);
  });
});
