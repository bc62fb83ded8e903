import { createManualClock } from '@vigilant/core';
import { describe, expect, it } from 'vitest';
import type { KafkaClient } from '../../src/contracts/kafka-client';
import { createGroupProgress } from '../../src/offsets/group-progress';

/** Creates the progress of a group on a topic of one partition, which the test changes. */
function createTopic() {
  const topic = { low: 0, end: 0, stableEnd: Infinity, committed: undefined as number | undefined };
  const clock = createManualClock();
  const client = {
    ranges: async () => [
      { partition: 0, low: topic.low, end: topic.end, stableEnd: Math.min(topic.end, topic.stableEnd) },
    ],
    committed: async () => new Map(topic.committed === undefined ? [] : [[0, topic.committed]]),
  } as unknown as KafkaClient;
  const progress = createGroupProgress(client, 'group', 'topic', clock);
  /** Refreshes twice, because the known start of the topic must be older than the committed offset. */
  const refresh = async (): Promise<void> => {
    await progress.refresh();
    await progress.refresh();
  };
  return { topic, clock, progress, refresh };
}

describe('GroupProgress.lost', () => {
  it('counts deleted records after the committed offset, once', async () => {
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

  it('counts deleted records of a group without a committed offset', async () => {
    const { topic, progress, refresh } = createTopic();
    Object.assign(topic, { low: 50, end: 1_000 });
    await refresh();
    expect(progress.lost).toBe(0);
    topic.low = 250;
    await refresh();
    expect(progress.lost).toBe(200);
  });

  it('counts records that were deleted while the server did not run', async () => {
    const { topic, progress, refresh } = createTopic();
    Object.assign(topic, { low: 500, end: 1_000, committed: 100 });
    await refresh();
    expect(progress.lost).toBe(400);
  });

  it('counts deleted records after Kafka has dropped the committed offset', async () => {
    const { topic, progress, refresh } = createTopic();
    Object.assign(topic, { end: 1_000, committed: 100 });
    await refresh();
    Object.assign(topic, { low: 500, committed: undefined });
    await refresh();
    expect(progress.lost).toBe(400);
  });
});

describe('GroupProgress.noteEnd', () => {
  const createAhead = async () => {
    const all = createTopic();
    Object.assign(all.topic, { end: 10, committed: 10 });
    await all.refresh();
    all.progress.noteEnd(0, 50);
    return all;
  };

  it('keeps a noted end when Kafka responds with a smaller one', async () => {
    const { progress, refresh } = await createAhead();
    await refresh();
    expect([progress.pending(), (await progress.ends()).get(0)]).toEqual([40, 50]);
  });

  it('replaces a noted end after a minute of smaller responses, and counts the uncommitted records as lost', async () => {
    const { progress, refresh, clock } = await createAhead();
    for (let seconds = 0; seconds < 60; seconds += 10) {
      await refresh();
      expect(progress.pending()).toBe(40);
      await clock.advance(10_000);
    }
    await refresh();
    expect([progress.pending(), progress.lost]).toEqual([0, 40]);
  });

  it('keeps a noted end for another minute after a response that reaches it', async () => {
    const { progress, refresh, clock, topic } = await createAhead();
    await refresh();
    await clock.advance(59_000);
    topic.end = 50;
    await refresh();
    topic.end = 10;
    await refresh();
    await clock.advance(59_000);
    await refresh();
    expect(progress.pending()).toBe(40);
  });

  it('forgets a noted end when the topic is created again', async () => {
    const { progress, refresh, topic } = await createAhead();
    Object.assign(topic, { end: 0, committed: undefined });
    progress.restart(progress.pending());
    await refresh();
    expect([progress.pending(), progress.lost]).toEqual([0, 40]);
  });
});

describe('GroupProgress.openTransaction', () => {
  it('reports a transaction once the last stable offset has stayed below the end for 5 s', async () => {
    const { progress, refresh, clock, topic } = createTopic();
    Object.assign(topic, { end: 30, stableEnd: 10 });
    await refresh();
    expect(progress.openTransaction()).toBeUndefined();
    await clock.advance(5_000);
    topic.end = 40;
    await refresh();
    expect(progress.openTransaction()).toEqual({ partition: 0, openMs: 5_000, waiting: 30 });
  });

  it('reports nothing while the last stable offset advances', async () => {
    const { progress, refresh, clock, topic } = createTopic();
    for (let stableEnd = 10; stableEnd < 20; stableEnd += 1) {
      Object.assign(topic, { end: 30, stableEnd });
      await refresh();
      await clock.advance(4_000);
    }
    expect(progress.openTransaction()).toBeUndefined();
  });

  it('reports nothing once the last stable offset reaches the end', async () => {
    const { progress, refresh, clock, topic } = createTopic();
    Object.assign(topic, { end: 30, stableEnd: 10 });
    await refresh();
    await clock.advance(6_000);
    topic.stableEnd = 30;
    await refresh();
    expect(progress.openTransaction()).toBeUndefined();
  });
});
