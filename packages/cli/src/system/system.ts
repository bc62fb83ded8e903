import type { Clock } from '@vigilant/core';
import type { spawn } from 'node:child_process';

/** Receives the text that a command prints. */
export interface Output {
  write(text: string): unknown;
}

/** Parts of the process and the operating system that commands use. Tests replace them. */
export interface System {
  readonly platform: NodeJS.Platform;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Home folder of the user. */
  readonly home: string;
  /** Numeric id of the user. `undefined` on Windows. */
  readonly userId: number | undefined;
  /** Name of this machine. */
  readonly hostName: string;
  /** Current folder, against which paths of the command line are resolved. */
  readonly folder: string;
  /** Command that runs `vigilant`: the program and its first arguments. */
  readonly command: readonly string[];
  readonly stdout: Output;
  readonly stderr: Output;
  readonly spawn: typeof spawn;
  readonly clock: Clock;
  /** Aborted when the user asks the process to end, with Ctrl+C for example. */
  readonly stopping: AbortSignal;
}

/** An error that the user can fix. Only its message is printed, and the exit code is 1. */
export class CliError extends Error {}

/** An error in the arguments. The exit code is 2. */
export class UsageError extends CliError {}
