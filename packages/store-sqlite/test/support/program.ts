import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { bundleProgram } from '../../../../scripts/lib/bundle.mjs';

/** Bundles the program that holds events in the journal. */
export function bundleHolder(): Promise<string> {
  return bundleProgram('packages/store-sqlite/test/programs/hold-events.ts');
}

/** Bundles the program that logs events. */
export function bundleLogger(change?: (code: string) => string): Promise<string> {
  return bundleProgram('packages/store-sqlite/test/programs/log-events.ts', change);
}

/** A program that logs events in a process of its own. */
export interface RunningLogger {
  readonly pid: number;
  /** Ids of the events that were accepted so far. */
  readonly accepted: readonly string[];
  /** Its standard error so far. */
  errors(): string;
  /** Waits until a number of events are accepted. */
  until(count: number): Promise<void>;
  kill(signal: NodeJS.Signals): void;
  /** Resolves when the process has ended and its output is read. */
  readonly ended: Promise<unknown>;
}

/**
 * Starts a program that logs events.
 *
 * @param args - See the program.
 * @param command - The program that runs it, and its arguments.
 */
export function startLogger(
  bundle: string,
  args: readonly (string | number)[],
  command: readonly string[] = [process.execPath],
): RunningLogger {
  const [file, ...before] = command as [string, ...string[]];
  const child = spawn(file, [...before, bundle, ...args.map(String)], { stdio: ['ignore', 'pipe', 'pipe'] });
  const accepted: string[] = [];
  let rest = '';
  let errors = '';
  let wake = (): void => {};
  child.stdout.on('data', (chunk: Buffer) => {
    const lines = (rest + chunk.toString()).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) accepted.push(line);
    wake();
  });
  child.stderr.on('data', (chunk: Buffer) => (errors += chunk.toString()));
  const ended = once(child, 'close').then(() => wake());
  return {
    pid: child.pid as number,
    accepted,
    errors: () => errors,
    async until(count) {
      while (accepted.length < count && child.exitCode === null && child.signalCode === null)
        await new Promise<void>((resolve) => (wake = resolve));
      if (accepted.length < count)
        throw new Error(`The program ended after ${accepted.length} events: ${errors}`);
    },
    kill: (signal) => void child.kill(signal),
    ended,
  };
}
