import { createManualClock } from '@vigilant/core';
import type { EncodedEvents } from '@vigilant/core/adapter';
import { encodeAll, yieldToEventLoop } from '@vigilant/core/adapter';
import { describe, expect, it, vi } from 'vitest';
import { JournalWriter } from '../../src/broker/journal-writer';
import type { CommitRequest, CommitResult } from '../../src/journal/journal-protocol';

const MIB = 1024 * 1024;
const DONE: CommitResult = { rejected: [], known: [], removed: [] };
const RANGE = { owner: 1, from: 1, to: 2 };

/** The error of a call whose thread died. */
class LostCall extends Error {}

vi.mock('../../src/thread/worker-thread', () => ({
  isLostCall: (error: unknown) => error instanceof LostCall,
}));

/** One event of a size. */
function eventsOf(bytes: number): EncodedEvents {
  return { ...encodeAll([]), count: 1, bytes, parts: [new Uint8Array(bytes)] };
}

function createWriter() {
  const clock = createManualClock();
  const ending = new AbortController();
  const requests: CommitRequest[] = [];
  const answers: ((answer: CommitResult | Error) => void)[] = [];
  const removed: CommitResult['removed'][] = [];
  let owner = 1;
  let restarts = 0;
  const writer = new JournalWriter({
    clock,
    signal: ending.signal,
    capacityBytes: 5 * MIB,
    owner: () => owner,
    commit(request) {
      requests.push(request);
      return new Promise((resolve, reject) =>
        answers.push((answer) => (answer instanceof Error ? reject(answer) : resolve(answer))),
      );
    },
    async restarted() {
      restarts += 1;
      owner += 1;
    },
    removed: (amounts) => void removed.push(amounts),
  });
  /** Publishes one event of a size. */
  const publish = (bytes = 10) => writer.publish(eventsOf(bytes));
  /** Answers the running transaction. */
  const answer = async (result: CommitResult | Error = DONE): Promise<void> => {
    await clock.advance(0);
    answers.shift()?.(result);
    await clock.advance(0);
  };
  const numbers = () => requests.map(({ batches }) => batches.map(({ number }) => number));
  return { clock, ending, writer, requests, removed, publish, answer, numbers, restarts: () => restarts };
}

describe('JournalWriter', () => {
  it('writes the publishes of one turn in one transaction, and later ones in the next', async () => {
    const { publish, answer, requests, numbers, writer } = createWriter();
    expect(writer.isBusy).toBe(false);
    const published = [publish(3), publish(4)];
    expect(writer.isBusy).toBe(true);
    await Promise.resolve();
    published.push(publish(), publish());
    await answer();
    expect(numbers()).toEqual([
      [1, 2],
      [3, 4],
    ]);
    expect(requests[0]?.batches.map(({ bytes }) => bytes)).toEqual([3, 4]);
    expect(requests[0]?.bodies.byteLength).toBe(3 + 4);
    await answer();
    expect(await Promise.all(published)).toEqual([1, 2, 3, 4].map((number) => ({ number, isKnown: false })));
    expect(writer.isBusy).toBe(false);
  });

  it('ends a transaction with the batch that reaches 4 MiB', async () => {
    const { publish, answer, numbers } = createWriter();
    for (const bytes of [4 * MIB - 1, 1, 4 * MIB, 1]) void publish(bytes);
    for (let n = 0; n < 3; n += 1) await answer();
    expect(numbers()).toEqual([[1, 2], [3], [4]]);
  });

  it('writes large publishes of consecutive turns in one transaction, until they reach 512 KiB', async () => {
    const { publish, answer, numbers } = createWriter();
    for (let turn = 0; turn < 5; turn += 1) {
      void publish(MIB / 8);
      await yieldToEventLoop();
    }
    await answer();
    await answer();
    expect(numbers()).toEqual([[1, 2, 3, 4], [5]]);
  });

  it('does not wait for further publishes after small ones', async () => {
    const { publish, numbers } = createWriter();
    void publish();
    await Promise.resolve();
    await Promise.resolve();
    expect(numbers()).toEqual([[1]]);
  });

  it('rejects only the batch that exceeds the capacity', async () => {
    const { publish, answer } = createWriter();
    const published = [publish(), publish(77)];
    const rejected = expect(published[1]).rejects.toMatchObject({
      code: 'VIGILANT_BROKER_FULL',
      message: expect.stringMatching(/77 more bytes exceed its limit of 5242880 bytes/) as string,
      retryAfterMs: 1_000,
    });
    await answer({ ...DONE, rejected: [2] });
    await rejected;
    expect(await published[0]).toEqual({ number: 1, isKnown: false });
  });

  it('reports which batches an earlier thread has written', async () => {
    const { publish, answer } = createWriter();
    const published = [publish(), publish()];
    await answer({ ...DONE, known: [1] });
    expect((await Promise.all(published)).map(({ isKnown }) => isKnown)).toEqual([true, false]);
  });

  it('sends a batch again with the owners it was sent as, at most three times', async () => {
    const { publish, answer, requests, restarts } = createWriter();
    const published = publish();
    const rejected = expect(published).rejects.toBeInstanceOf(LostCall);
    for (let n = 0; n < 3; n += 1) await answer(new LostCall());
    await rejected;
    expect(requests.at(-1)?.sentAs).toEqual([1, 2]);
    expect(requests.map(({ bodies }) => bodies.byteLength)).toEqual([10, 10, 10]);
    expect(restarts()).toBe(2);
  });

  it('does not send a batch again after another error', async () => {
    const { publish, answer, requests } = createWriter();
    const rejected = expect(publish()).rejects.toThrow('locked');
    await answer(new Error('locked'));
    await rejected;
    expect(requests).toHaveLength(1);
  });

  it('acknowledges in the same transaction, and reports what was removed first', async () => {
    const { writer, publish, answer, requests, removed } = createWriter();
    const acknowledged = writer.acknowledge([RANGE]).then(() => expect(removed).toHaveLength(1));
    void publish();
    await answer({ ...DONE, removed: [{ owner: 1, events: 2, bytes: 20 }] });
    await acknowledged;
    expect(requests).toMatchObject([{ acks: [RANGE], batches: [{ number: 1, events: 1 }] }]);
    expect(removed).toEqual([[{ owner: 1, events: 2, bytes: 20 }]]);
  });

  it('repeats acknowledgements without the batches that failed, then after pauses that grow', async () => {
    const { clock, writer, publish, answer, requests } = createWriter();
    const acknowledged = writer.acknowledge([RANGE]);
    const rejected = expect(publish()).rejects.toThrow('full');
    await answer(new Error('full'));
    await rejected;
    expect(requests).toHaveLength(2);
    expect(requests[1]).toMatchObject({ acks: [RANGE], batches: [] });
    await answer(new Error('full'));
    // The second failure: from half of 100 ms to 100 ms.
    await clock.advance(49);
    expect(requests).toHaveLength(2);
    await clock.advance(51);
    expect(requests).toHaveLength(3);
    await answer();
    await acknowledged;
    expect(clock.pendingTimers).toBe(0);
  });

  it('starts with short pauses again after a success', async () => {
    const { clock, writer, answer, requests } = createWriter();
    for (let round = 0; round < 2; round += 1) {
      const acknowledged = writer.acknowledge([RANGE]);
      await answer(new Error('full'));
      await clock.advance(50);
      await answer();
      await acknowledged;
    }
    expect(requests).toHaveLength(4);
  });

  it('pauses for at most a second', async () => {
    const { clock, writer, answer, requests } = createWriter();
    const acknowledged = writer.acknowledge([RANGE]);
    for (let failures = 1; failures <= 10; failures += 1) {
      await answer(new Error('full'));
      await clock.advance(1_000);
    }
    expect(requests).toHaveLength(11);
    await answer();
    await acknowledged;
  });

  it.each([
    ['it is closed', ({ writer }: ReturnType<typeof createWriter>) => void writer.close()],
    ['its signal is aborted', ({ ending }: ReturnType<typeof createWriter>) => ending.abort()],
  ])('rejects acknowledgements that fail once %s', async (_, end) => {
    const setUp = createWriter();
    const { clock, writer, answer, requests } = setUp;
    const rejected = expect(writer.acknowledge([RANGE])).rejects.toThrow('full');
    await answer(new Error('full'));
    end(setUp);
    await answer(new Error('full'));
    await rejected;
    expect(requests).toHaveLength(2);
    expect(clock.pendingTimers).toBe(0);
  });

  it('closes once everything is written', async () => {
    const { clock, writer, publish, answer } = createWriter();
    void publish();
    let isClosed = false;
    const closing = writer.close().then(() => (isClosed = true));
    await clock.advance(0);
    expect(isClosed).toBe(false);
    await answer();
    await closing;
  });
});
