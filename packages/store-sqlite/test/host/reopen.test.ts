import { createTestContext } from '@vigilant/conformance';
import { describe, expect, it } from 'vitest';
import { createReopen } from '../../src/host/reopen';
import type { LogChange } from '../../src/store/store-protocol';

const DELETED: LogChange = { isTruncated: false };
const TRUNCATED: LogChange = { isTruncated: true };

/** Two threads that record their calls and answer them in later turns. */
function createThreads() {
  const calls: string[] = [];
  const create = (name: string, isDead = false) => ({
    call: async <T>(method: string, change?: unknown): Promise<T> => {
      const suffix = (change as LogChange | undefined)?.isTruncated === true ? ' truncated' : '';
      calls.push(`${name} ${method}${suffix}`);
      await new Promise((resolve) => setImmediate(resolve));
      if (isDead) throw new Error('The thread ended.');
      return undefined as T;
    },
  });
  return { calls, create };
}

const ROUND = ['writer release', 'reader release', 'writer resume', 'reader resume'];
const TRUNCATED_ROUND = ROUND.map((call) => (call.endsWith('release') ? `${call} truncated` : call));

describe('createReopen', () => {
  it('closes all connections before it opens any, and reports the change', async () => {
    const { calls, create } = createThreads();
    const context = createTestContext();
    const reopen = createReopen('events.db', [create('writer'), create('reader')], context);
    reopen(DELETED);
    await expect.poll(() => calls).toEqual(ROUND);
    expect(context.reported).toMatchObject([
      {
        level: 'warn',
        code: 'log-replaced',
        message: expect.stringMatching(
          /^Another process deleted the write-ahead log of events\.db/,
        ) as string,
      },
    ]);
  });

  it('opens the connections again once for the changes that are noticed meanwhile', async () => {
    const { calls, create } = createThreads();
    const context = createTestContext();
    const reopen = createReopen('events.db', [create('writer'), create('reader')], context);
    reopen(DELETED);
    reopen(TRUNCATED);
    reopen(DELETED);
    await expect.poll(() => calls).toEqual([...ROUND, ...TRUNCATED_ROUND]);
    expect(context.reported.map(({ message }) => message)).toEqual([
      expect.stringContaining('deleted'),
      expect.stringMatching(/truncated .* more than 5 s ago may be lost/),
    ]);
  });

  it('opens the connections again at a later change', async () => {
    const { calls, create } = createThreads();
    const reopen = createReopen('events.db', [create('writer'), create('reader')], createTestContext());
    reopen(TRUNCATED);
    await expect.poll(() => calls).toEqual(TRUNCATED_ROUND);
    await new Promise((resolve) => setImmediate(resolve));
    reopen(DELETED);
    await expect.poll(() => calls).toEqual([...TRUNCATED_ROUND, ...ROUND]);
  });

  it('continues although a thread has died', async () => {
    const { calls, create } = createThreads();
    const reopen = createReopen('events.db', [create('writer', true), create('reader')], createTestContext());
    reopen(DELETED);
    await expect.poll(() => calls).toEqual(ROUND);
  });
});
