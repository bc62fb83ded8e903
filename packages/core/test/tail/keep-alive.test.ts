import { spawnSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { bundleProgram } from '../../../../scripts/lib/bundle.mjs';

describe('a program that follows a tail', () => {
  it('stays alive while it waits for the next item, and exits after the loop', async () => {
    const program = await bundleProgram('packages/core/test/programs/follow.ts');
    const { status, stdout, stderr } = spawnSync(process.execPath, [program], {
      encoding: 'utf8',
      timeout: 20_000,
    });
    expect({ status, stdout, stderr }).toEqual({ status: 0, stdout: 'late\n', stderr: '' });
  });
});
