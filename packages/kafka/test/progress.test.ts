import { describe, expect, it } from 'vitest';
import type { KafkaClient } from '../src/client';
import { createProgress } from '../src/progress';

/** The progress of a group on a topic of one partition, which the test moves. */
function createTopic() {
  const topic = { low: 0, end: 0, committed: undefined as number | undefined };
  const client = {
    ranges: async () => [{ partition: 0, low: topic.low, end: topic.end }],
    committed: async () => new Map(topic.committed === undefined ? [] : [[0, topic.committed]]),
  } as unknown as KafkaClient;
  const progress = createProgress(client, 'group', 'topic');
  /** Twice, as what is known of the topic has to be older than what is known of the group. */
  const refresh = async (): Promise<void> => {
    await progress.refresh();
    await progress.refresh();
  };
  return { topic, progress, refresh };
}

describe('events that a topic deletes before they were stored', () => {
  it('are counted once, behind the position of the group', async () => {
    const { topic, progress, refresh } = createTopic();
    Object.assign(topic, { end: 1_000, committed: 100 });
    await refresh();
    topic.low = 300;
    await refresh();
    await refresh();
    expect([progress.lost, progress.pending()]).toEqual([200, 700]);
    Object.assign(topic, { low: 400, committed: 1_000 });
    await refresh();
    expect([progress.lost, progress.pending()]).toEqual([200, 0]);
  });

  it('are counted for a group that has no position yet', async () => {
    const { topic, progress, refresh } = createTopic();
    Object.assign(topic, { low: 50, end: 1_000 });
    await refresh();
    expect(progress.lost).toBe(0);
    topic.low = 250;
    await refresh();
    expect(progress.lost).toBe(200);
  });

  it('are counted when the server was away meanwhile', async () => {
    const { topic, progress, refresh } = createTopic();
    Object.assign(topic, { low: 500, end: 1_000, committed: 100 });
    await refresh();
    expect(progress.lost).toBe(400);
  });

  it('are counted though Kafka has dropped the position of the group', async () => {
    const { topic, progress, refresh } = createTopic();
    Object.assign(topic, { end: 1_000, committed: 100 });
    await refresh();
    Object.assign(topic, { low: 500, committed: undefined });
    await refresh();
    expect(progress.lost).toBe(400);
  });
});
