import { describe, expect, it } from 'vitest';
import { RecentBatches } from '../../src/store/recent-batches';

const MIB = 1024 * 1024;

describe('RecentBatches', () => {
  it('keeps the batches of the last five seconds, oldest first', () => {
    let now = 0;
    const recent = new RecentBatches(() => now);
    const batches = [0, 3_000, 6_000].map((at) => {
      now = at;
      const batch = [new ArrayBuffer(10)];
      recent.add(batch);
      return batch;
    });
    expect(recent.all()).toEqual(batches.slice(1));
    now = 8_000;
    recent.forgetOld();
    expect(recent.all()).toEqual(batches.slice(1));
    now = 8_001;
    recent.forgetOld();
    expect(recent.all()).toEqual(batches.slice(2));
  });

  it('keeps at most 16 MiB', () => {
    const recent = new RecentBatches(() => 0);
    for (let index = 0; index < 5; index += 1)
      recent.add([new ArrayBuffer(3 * MIB), new ArrayBuffer(2 * MIB)]);
    expect(recent.all()).toHaveLength(3);
    recent.add([new ArrayBuffer(11 * MIB)]);
    expect(recent.all().map((chunks) => chunks.length)).toEqual([2, 1]);
    recent.add([new ArrayBuffer(17 * MIB)]);
    expect(recent.all()).toEqual([]);
  });
});
