import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { describe, expect, it, onTestFinished } from 'vitest';
import { createFolder } from './support/folder';
import { bundleLogger, startLogger } from './support/program';

const EVENTS = 50;

function hasStrace(): boolean {
  try {
    execFileSync('strace', ['-o', '/dev/null', 'true']);
    return true;
  } catch {
    console.warn('strace is not installed: it is NOT tested that each answer follows its fsync.');
    return false;
  }
}

/** Counts the answers that were sent while a write to the journal was not synchronised yet. */
async function countEarlyAnswers(change?: (code: string) => string): Promise<number> {
  const folder = createFolder();
  onTestFinished(() => folder.remove());
  const trace = folder.file('trace');
  const strace = ['strace', '-f', '-y', '-qq', '-e', 'trace=write,pwrite64,fsync,fdatasync', '-o', trace];
  // One event at a time, and none is stored meanwhile, so each write to the -wal of the journal is an event.
  const args = [folder.path, 'e', 1, 600_000, EVENTS];
  const logger = startLogger(await bundleLogger(change), args, [...strace, process.execPath]);
  await logger.ended;
  expect(logger.accepted.length).toBe(EVENTS);
  let isDirty = false;
  let early = 0;
  let writes = 0;
  for (const line of readFileSync(trace, 'utf8').split('\n')) {
    if (/ pwrite64\(\d+<[^>]*journal\.db-wal>/.test(line)) {
      isDirty = true;
      writes += 1;
    } else if (/ f(data)?sync\(\d+<[^>]*journal\.db-wal>/.test(line)) isDirty = false;
    else if (/ write\(1<[^>]*>, "e-\d+\\n"/.test(line) && isDirty) early += 1;
  }
  expect(writes).toBeGreaterThanOrEqual(EVENTS);
  return early;
}

describe('sqlite()', () => {
  it.skipIf(!hasStrace())(
    'acknowledges events only after fsync',
    async () => {
      expect(await countEarlyAnswers()).toBe(0);
    },
    60_000,
  );

  it.skipIf(!hasStrace())(
    'fails this test without fsync',
    async () => {
      const change = (code: string): string => {
        const changed = code.replaceAll('synchronous = FULL', 'synchronous = OFF');
        expect(changed).not.toBe(code);
        return changed;
      };
      expect(await countEarlyAnswers(change)).toBe(EVENTS);
    },
    60_000,
  );
});
