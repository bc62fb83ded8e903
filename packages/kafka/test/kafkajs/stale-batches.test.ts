import { describe, expect, it } from 'vitest';
import { dropStaleBatches } from '../../src/kafkajs/stale-batches';

/** A group and a runner of the shape that kafkajs has, each with a class of its own. */
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

describe('a batch', () => {
  it('is handled when the group is what it was', async () => {
    const { group, runner, handled, answer } = createClient();
    const fetched = group.fetch(1);
    answer({ records: 1 });
    for (const batch of await fetched) await runner.handleBatch(batch);
    expect(handled).toEqual([{ records: 1 }]);
  });

  it('is dropped when the group has changed while it was fetched', async () => {
    const { group, runner, handled, answer, join } = createClient();
    const fetched = group.fetch(1);
    join();
    answer({ records: 1 });
    for (const batch of await fetched) await runner.handleBatch(batch);
    expect(handled).toEqual([]);
  });

  it('is dropped when the group has changed while it waited for its turn', async () => {
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
