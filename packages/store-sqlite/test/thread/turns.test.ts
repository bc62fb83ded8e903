import { describe, expect, it } from 'vitest';
import { createTurns } from '../../src/thread/turns';

const nextIteration = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

describe('Turns', () => {
  it('runs the first operation at once', async () => {
    const turns = createTurns();
    let hasRun = false;
    void turns.next().then(() => (hasRun = true));
    await Promise.resolve();
    expect(hasRun).toBe(true);
  });

  it('runs one operation in each turn of the event loop, in the order in which they began to wait', async () => {
    const turns = createTurns();
    const ran: string[] = [];
    const run = async (name: string): Promise<void> => {
      for (const step of [1, 2]) {
        await turns.next();
        ran.push(`${name}${step}`);
      }
    };
    const all = Promise.all(['a', 'b', 'c'].map(run));
    const counts: number[] = [];
    for (let turn = 0; turn < 6; turn++) {
      await Promise.resolve();
      counts.push(ran.length);
      await nextIteration();
    }
    await all;
    expect(ran).toEqual(['a1', 'b1', 'c1', 'a2', 'b2', 'c2']);
    expect(counts.map((count, turn) => count - (counts[turn - 1] ?? 0)).every((added) => added <= 1)).toBe(
      true,
    );
  });

  it('runs an operation at once after the others have ended', async () => {
    const turns = createTurns();
    await Promise.all([turns.next(), turns.next()]);
    await nextIteration();
    let hasRun = false;
    void turns.next().then(() => (hasRun = true));
    await Promise.resolve();
    expect(hasRun).toBe(true);
  });
});
