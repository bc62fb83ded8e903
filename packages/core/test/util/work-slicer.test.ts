import { describe, expect, it } from 'vitest';
import { createWorkSlicer } from '../../src/util/work-slicer';

const SLICE_BYTES = 128 * 1024;

describe('WorkSlicer', () => {
  it('ends a slice at 128 KiB and begins the next one', () => {
    const slicer = createWorkSlicer();
    const sizes = [SLICE_BYTES - 1, 1, SLICE_BYTES - 1, 1, 3 * SLICE_BYTES, 0];
    const ends = sizes.map((bytes) => slicer.count(bytes) !== undefined);
    expect(ends).toEqual([false, true, false, true, true, false]);
  });

  it('lets immediates run before work continues', async () => {
    let hasRun = false;
    setImmediate(() => (hasRun = true));
    await createWorkSlicer().count(SLICE_BYTES);
    expect(hasRun).toBe(true);
  });
});
