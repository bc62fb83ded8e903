import kafkajs from 'kafkajs';
import Runner from 'kafkajs/src/consumer/runner.js';
import { describe, expect, it } from 'vitest';
import { endStoppedFetchers } from '../../src/kafkajs/stopped-runners';

/** Number of fetches after which a fetcher is considered to loop without end. */
const MAX_FETCHES = 1_000;

/** Creates a runner of kafkajs whose group fetches from nodes 1 and 2 until `answer` is called. */
function createRunner() {
  const answers = new Map<number, () => void>();
  let nodeIds = [1, 2];
  let checks = 0;
  const consumerGroup = {
    async connect() {},
    async joinAndSync() {},
    async heartbeat() {},
    async leave() {},
    getNodeIds() {
      checks++;
      if (checks > MAX_FETCHES) throw new TypeError('The fetchers do not end.');
      return nodeIds;
    },
    fetch: (nodeId: number) => new Promise<object[]>((resolve) => answers.set(nodeId, () => resolve([]))),
  };
  class TestRunner extends Runner {}
  endStoppedFetchers(TestRunner.prototype);
  const crashes: Error[] = [];
  const runner = new TestRunner({
    logger: silent,
    consumerGroup,
    instrumentationEmitter: { emit() {} },
    concurrency: 1,
    onCrash: (error) => crashes.push(error),
  });
  return {
    runner,
    crashes,
    isFetching: (nodeId: number) => answers.has(nodeId),
    answer(nodeId: number) {
      const answer = answers.get(nodeId);
      answers.delete(nodeId);
      answer?.();
    },
    setNodes: (...ids: number[]) => (nodeIds = ids),
  };
}

const silent = new kafkajs.Kafka({ brokers: ['127.0.0.1:1'], logLevel: kafkajs.logLevel.NOTHING }).logger();

describe('endStoppedFetchers', () => {
  it('stops a runner while its fetchers start again for a different set of nodes', async () => {
    const { runner, crashes, answer, setNodes } = createRunner();
    await runner.start();
    setNodes(1, 3);
    // The fetcher of node 1 ends, and the manager waits for the fetcher of node 2 before it starts others.
    answer(1);
    await settle();
    const stopped = runner.stop();
    answer(2);
    await stopped;
    expect(crashes).toEqual([]);
  });

  it('does not end the fetchers of a running runner', async () => {
    const { runner, isFetching, answer, setNodes } = createRunner();
    await runner.start();
    setNodes(1, 3);
    answer(1);
    answer(2);
    await settle();
    expect([1, 2, 3].filter(isFetching)).toEqual([1, 3]);
    const stopped = runner.stop();
    answer(1);
    answer(3);
    await stopped;
  });
});

/** Waits until the microtasks that are ready have run. */
function settle(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
