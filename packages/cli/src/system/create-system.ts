import { systemClock } from '@vigilant/core';
import { spawn } from 'node:child_process';
import { homedir, hostname } from 'node:os';
import type { System } from './system';

/** Properties of a process from which a `System` is created. Pass `process`. */
export type Host = Pick<
  NodeJS.Process,
  'platform' | 'env' | 'getuid' | 'cwd' | 'execPath' | 'argv' | 'stdout' | 'stderr'
>;

/**
 * Returns the system of a process.
 *
 * @param stopping - Aborted when the user asks the process to end. @defaultValue a signal that is never aborted
 */
export function createSystem(host: Host, stopping: AbortSignal = new AbortController().signal): System {
  const [, script = ''] = host.argv;
  return {
    platform: host.platform,
    env: host.env,
    home: homedir(),
    userId: host.getuid?.(),
    hostName: hostname(),
    folder: host.cwd(),
    command: [host.execPath, script],
    stdout: host.stdout,
    stderr: host.stderr,
    spawn,
    clock: systemClock,
    stopping,
  };
}
