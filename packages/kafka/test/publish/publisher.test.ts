import { createManualClock } from '@vigilant/core';
import type { ManualClock } from '@vigilant/core';
import { yieldToEventLoop } from '@vigilant/core/adapter';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { describe, expect, it } from 'vitest';
import type { KafkaClient, OutgoingRecord } from '../../src/contracts/kafka-client';
import type { KafkaBrokerOptions } from '../../src/index';
import { resolveKafkaOptions } from '../../src/contracts/kafka-options';
import { createGroupProgress } from '../../src/offsets/group-progress';
import { createPublisher } from '../../src/publish/publisher';
import { eventOf } from '../support/broker';

const MIB = 1024 * 1024;
const TIMEOUT_MS = 1_000;

type Produce = KafkaClient['produce'];

/** Creates a publisher whose requests the test answers. */
function create(
  produce: Produce,
  clock: ManualClock = createManualClock(),
  more: Partial<KafkaBrokerOptions> = {},
) {
  const options = resolveKafkaOptions({
    ...more,
    brokers: ['k:1'],
    publishTimeoutMs: TIMEOUT_MS,
    maxPendingBytes: 4 * MIB,
  });
  const client = { produce } as KafkaClient;
  const progress = createGroupProgress(client, 'group', 'topic', clock);
  const publisher = createPublisher({ client, options, progress, clock, onConfirmed: () => {} });
  let published = 0;
  /** Publishes a batch of events of about 100 kB each; resolves to the code of the error or to `accepted`. */
  const publish = (count: number): Promise<string> => {
    const data = { text: 'a'.repeat(100_000) };
    published += 1;
    const events = Array.from({ length: count }, (_, n) => eventOf(`batch-${published}.${n}`, { data }));
    return publisher.publish(events).then(
      () => 'accepted',
      ({ code }: { code: string }) => code,
    );
  };
  return { publisher, clock, publish };
}

/** Records requests, which the test settles one by one. */
function createRequests() {
  const open: { batches: readonly string[]; answer: () => void; fail: () => void }[] = [];
  const produce: Produce = (_topic, records: readonly OutgoingRecord[]) =>
    new Promise((resolve, reject) =>
      open.push({
        batches: [...new Set(records.map(({ key }) => key.split('.')[0] ?? ''))],
        answer: () => resolve([]),
        fail: () => reject(new Error('hung')),
      }),
    );
  return { open, produce };
}

/** Publishes these numbers of events at the same time. Returns the batch of each record, in order of the requests. */
async function batchesOf(counts: readonly number[], options: { key?: 'source' } = {}) {
  const batches: (number | undefined)[] = [];
  const produce: Produce = async (_topic, records) => {
    batches.push(...records.map(({ batch }) => batch));
    return [];
  };
  const { publish } = create(produce, createManualClock(), options);
  await Promise.all(counts.map(publish));
  return batches;
}

/** Lets promises settle. */
const turn = yieldToEventLoop;

describe('createPublisher', () => {
  it('sends all records of a publish as one batch, also in several requests', async () => {
    const [first = 0, ...others] = await batchesOf([20, 1]);
    expect(others.sort()).toEqual([...Array<number>(19).fill(first), first + 1]);
  });

  it('selects the partition by the key that the options name', async () => {
    expect(await batchesOf([2], { key: 'source' })).toEqual([undefined, undefined]);
  });

  it('counts a publish that timed out until its request has ended', async () => {
    const { open, produce } = createRequests();
    const { clock, publish } = create(produce);
    const hung = Array.from({ length: 5 }, () => publish(7));
    await clock.advance(TIMEOUT_MS);
    expect(new Set(await Promise.all(hung))).toEqual(new Set(['VIGILANT_BROKER_UNAVAILABLE']));
    expect(await publish(7)).toBe('VIGILANT_BROKER_FULL');
    for (const { fail } of open.splice(0)) fail();
    await turn();
    const next = publish(7);
    open.splice(0).forEach(({ answer }) => answer());
    expect(await next).toBe('accepted');
  });

  it('removes a publish that timed out from the queue', async () => {
    const { open, produce } = createRequests();
    const { clock, publish } = create(produce);
    for (let request = 0; request < 5; request += 1) void publish(1);
    const queued = [publish(8), publish(8), publish(8), publish(8)];
    expect(await publish(8)).toBe('VIGILANT_BROKER_FULL');
    await clock.advance(TIMEOUT_MS);
    await Promise.all(queued);
    const later = publish(8);
    for (const { fail } of open.splice(0)) fail();
    await turn();
    expect(open.map(({ batches }) => batches)).toEqual([['batch-11']]);
    open[0]?.answer();
    expect(await later).toBe('accepted');
  });

  it('does not retry the events of a publish that timed out', async () => {
    const { open, produce } = createRequests();
    const { clock, publish } = create(produce);
    // With five requests under way, the following publishes share one.
    for (let request = 0; request < 5; request += 1) void publish(1);
    const early = publish(1);
    await clock.advance(TIMEOUT_MS / 2);
    const late = publish(1);
    open.splice(0, 1)[0]?.answer();
    await turn();
    expect(open.at(-1)?.batches).toEqual(['batch-6', 'batch-7']);
    const together = open.pop();
    await clock.advance(TIMEOUT_MS / 2);
    expect(await early).toBe('VIGILANT_BROKER_UNAVAILABLE');
    together?.fail();
    await clock.advance(250);
    expect(open.at(-1)?.batches).toEqual(['batch-7']);
    open.at(-1)?.answer();
    expect(await late).toBe('accepted');
  });

  it('uses little more memory than maxPendingBytes while Kafka does not respond', async () => {
    setFlagsFromString('--expose-gc');
    const collect = runInNewContext('gc') as () => void;
    const usedMib = async (): Promise<number> => {
      collect();
      await turn();
      const { heapUsed, arrayBuffers } = process.memoryUsage();
      return (heapUsed + arrayBuffers) / MIB;
    };
    const { clock, publish } = create(() => new Promise(() => {}));
    const before = await lowest(usedMib);
    for (let second = 0; second < 30; second += 1) {
      const outcomes = Array.from({ length: 40 }, () => publish(1));
      await clock.advance(TIMEOUT_MS);
      await Promise.all(outcomes);
    }
    // V8 frees buffers in the background, so a single measurement after a collection may include garbage.
    await expect.poll(async () => (await usedMib()) - before, { timeout: 20_000 }).toBeLessThan(12);
  });
});

/** Repeats a measurement until it stops falling, and returns the lowest value. */
async function lowest(measure: () => Promise<number>): Promise<number> {
  for (let least = await measure(); ;) {
    const next = await measure();
    if (next > least - 0.1) return least;
    least = next;
  }
}
