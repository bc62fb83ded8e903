import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { createSystem } from '../../src/system/create-system';
import type { System } from '../../src/system/system';

/** A system with a home of its own, which records what is printed. */
export interface TestSystem extends System {
  /** Returns what was printed to the standard output and the standard error. */
  printed(): string;
}

/** Creates a system of Linux whose home is deleted when the test ends. */
export function createTestSystem(changes: Partial<System> = {}): TestSystem {
  const home = mkdtempSync(join(tmpdir(), 'vigilant-cli-'));
  onTestFinished(() => rmSync(home, { recursive: true, force: true }));
  let text = '';
  const output = { write: (part: string) => (text += part) };
  return {
    ...createSystem(process),
    platform: 'linux',
    env: { DISPLAY: ':0' },
    home,
    folder: home,
    command: ['/usr/bin/node', '/opt/vigilant/main.js'],
    stdout: output,
    stderr: output,
    ...changes,
    printed: () => text,
  };
}
