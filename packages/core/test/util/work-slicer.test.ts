import { describe, expect, it } from 'vitest';
import { createWorkSlicer } from '../../src/util/work-slicer';

const SLICE_BYTES = 128 * 1024;

describe('WorkSlicer', () => {
  it('ends a slice at 128 KiB and begins the next one', async () => {
    const slicer = createWorkSlicer();
    const ends: boolean[] = [];
    for (const bytes of [SLICE_BYTES - 1, 1, SLICE_BYTES - 1, 1, 3 * SLICE_BYTES, 0]) {
      const end = slicer.count(bytes);
      ends.push(end !== undefined);
      await end;
    }
    expect(ends).toEqual([false, true, false, true, true, false]);
  });

  it('resumes the operations that share it in order, one in each turn of the event loop', async () => {
    const slicer = createWorkSlicer();
    const log: string[] = [];
    const run = async (name: string): Promise<void> => {
      for (let step = 1; step <= 2; step += 1) {
        await slicer.count(SLICE_BYTES);
        log.push(`${name}${step}`);
      }
    };
    const all = Promise.all(['a', 'b', 'c'].map(run));
    const turns: string[][] = [];
    while (log.length < 6) {
      await new Promise((resolve) => setImmediate(resolve));
      turns.push([...log.slice(turns.flat().length)]);
    }
    await all;
    expect(turns.flat()).toEqual(['a1', 'b1', 'c1', 'a2', 'b2', 'c2']);
    expect(Math.max(...turns.map((turn) => turn.length))).toBe(1);
  });

  it('runs immediates before work continues', async () => {
    let hasRun = false;
    setImmediate(() => (hasRun = true));
    await createWorkSlicer().count(SLICE_BYTES);
    expect(hasRun).toBe(true);
  });
});
