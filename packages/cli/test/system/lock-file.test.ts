import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createManualClock } from '@vigilant/core';
import { describe, expect, it, onTestFinished } from 'vitest';
import { withLockFile } from '../../src/system/lock-file';

function setUp() {
  const folder = mkdtempSync(join(tmpdir(), 'vigilant-lock-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const clock = createManualClock();
  const path = join(folder, 'state.lock');
  /** Advances the clock in steps, between which the file system answers. */
  const advance = async (durationMs: number): Promise<void> => {
    for (let passed = 0; passed < durationMs; passed += 20) {
      while (clock.pendingTimers === 0 && existsSync(path))
        await new Promise((resolve) => setImmediate(resolve));
      await clock.advance(20);
    }
  };
  return { path, clock, advance };
}

describe('withLockFile', () => {
  it('waits two seconds for each process that has the lock in turn', async () => {
    const { path, clock, advance } = setUp();
    writeFileSync(path, '');
    let hasRun = false;
    const done = withLockFile(path, async () => void (hasRun = true), clock);
    await advance(1_500);
    rmSync(path);
    writeFileSync(path, '');
    await advance(1_500);
    expect(hasRun).toBe(false);
    rmSync(path);
    await advance(40);
    await done;
    expect([hasRun, existsSync(path)]).toEqual([true, false]);
  });
});
