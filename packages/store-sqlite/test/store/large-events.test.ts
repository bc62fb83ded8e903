import { execFileSync } from 'node:child_process';
import { describe, expect, it, onTestFinished } from 'vitest';
import { bundleProgram } from '../../../../scripts/lib/bundle.mjs';
import { createFolder } from '../support/folder';

const EVENTS = 1_000;
const EVENT_BYTES = 200_000;

describe('SqliteStore.query', () => {
  it('reads 200 MB of large events with a heap of 64 MiB', async () => {
    const folder = createFolder();
    onTestFinished(() => folder.remove());
    const program = await bundleProgram('packages/store-sqlite/test/programs/find-in-large-events.ts');
    const output = execFileSync(
      process.execPath,
      ['--max-old-space-size=64', program, folder.file('events.db'), String(EVENTS), String(EVENT_BYTES)],
      { encoding: 'utf8' },
    );
    const result = JSON.parse(output) as { grownMiB: number };
    expect(result).toMatchObject({ complete: true, found: 0 });
    // A few decoded blocks are kept.
    expect(result.grownMiB).toBeLessThan(128);
  }, 60_000);
});
