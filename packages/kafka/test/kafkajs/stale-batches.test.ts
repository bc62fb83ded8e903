import { describe, expect, it } from 'vitest';
import { dropStaleBatches } from '../../src/kafkajs/stale-batches';

/** Creates a group and a runner with the structure of those of kafkajs. */
function createClient() {
  let answer = (_: object[]): void => {};
  class Group {
    offsetManager: object | null = {};
    fetch(_nodeId: number): Promise<object[]> {
      return new Promise((resolve) => (answer = resolve));
    }
  }
  const handled: object[] = [];
  class Runner {
    async handleBatch(batch: object): Promise<void> {
      handled.push(batch);
    }
  }
  dropStaleBatches(Group.prototype, Runner.prototype);
  const group = new Group();
  return {
    group,
    runner: new Runner(),
    handled,
    answer: (...batches: object[]) => answer(batches),
    join: () => (group.offsetManager = {}),
  };
}

describe('dropStaleBatches', () => {
  it('handles a batch of the current generation', async () => {
    const { group, runner, handled, answer } = createClient();
    const fetched = group.fetch(1);
    answer({ records: 1 });
    for (const batch of await fetched) await runner.handleBatch(batch);
    expect(handled).toEqual([{ records: 1 }]);
  });

  it('drops a batch when the group rebalances while it is fetched', async () => {
    const { group, runner, handled, answer, join } = createClient();
    const fetched = group.fetch(1);
    join();
    answer({ records: 1 });
    for (const batch of await fetched) await runner.handleBatch(batch);
    expect(handled).toEqual([]);
  });

  it('drops a batch when the group rebalances while it is queued', async () => {
    const { group, runner, handled, answer, join } = createClient();
    const fetched = group.fetch(1);
    answer({ records: 1 }, { records: 2 });
    const [first = {}, second = {}] = await fetched;
    await runner.handleBatch(first);
    join();
    await runner.handleBatch(second);
    expect(handled).toEqual([{ records: 1 }]);
  });
});
