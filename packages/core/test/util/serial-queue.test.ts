import { describe, expect, it } from 'vitest';
import { createSerialQueue } from '../../src/util/serial-queue';
import { settle } from '../support';

describe('SerialQueue', () => {
  it('runs an operation after all earlier ones have settled', async () => {
    const queue = createSerialQueue();
    const steps: string[] = [];
    let finish = (): void => {};
    const first = queue.run(() => new Promise<void>((resolve) => (finish = resolve)));
    const second = queue.run(async () => void steps.push('second'));
    void first.then(() => steps.push('first'));
    await settle();
    expect(steps).toEqual([]);
    finish();
    await second;
    expect(steps).toEqual(['first', 'second']);
  });

  it('returns the result of each operation', async () => {
    const queue = createSerialQueue();
    expect(await Promise.all([queue.run(async () => 1), queue.run(async () => 2)])).toEqual([1, 2]);
  });

  it('rejects like a failed operation, and runs the next one', async () => {
    const queue = createSerialQueue();
    const failed = queue.run(() => Promise.reject(new Error('no')));
    const next = queue.run(async () => 'next');
    await expect(failed).rejects.toThrow('no');
    expect(await next).toBe('next');
  });

  it('is idle when every operation up to now has settled', async () => {
    const queue = createSerialQueue();
    let fail = (): void => {};
    queue.run(() => new Promise((_, reject) => (fail = () => reject(new Error('no'))))).catch(() => {});
    let isIdle = false;
    const idle = queue.idle().then(() => (isIdle = true));
    await settle();
    expect(isIdle).toBe(false);
    fail();
    await idle;
    await queue.idle();
  });
});
