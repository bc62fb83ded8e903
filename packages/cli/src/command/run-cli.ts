import { Command, CommanderError } from 'commander';
import { reasonOf } from '@vigilant/core/adapter';
import { printError } from '../system/print';
import type { System } from '../system/system';
import { UsageError } from '../system/system';
import { desktopCommand } from './desktop-command';
import { VERSION } from './version';

/** Exit code of a command that failed. */
const FAILURE = 1;

/** Exit code of a command with invalid arguments. */
const USAGE = 2;

/**
 * Runs a command of `vigilant`. Prints to the outputs of `system`, and never exits.
 *
 * @param args - Arguments without the program, such as `['desktop']`.
 * @returns the exit code: 0, 1 after a failure, or 2 after a mistake in the arguments
 */
export async function runCli(args: readonly string[], system: System): Promise<number> {
  const { stdout, stderr } = system;
  const program = new Command('vigilant')
    .description('A self-hosted, lightweight event monitor')
    .version(VERSION, '-V, --version', 'print the version')
    .helpOption('-h, --help', 'print this help')
    .helpCommand(false)
    .exitOverride()
    .configureOutput({ writeOut: (text) => stdout.write(text), writeErr: (text) => stderr.write(text) });
  const desktop = desktopCommand(system).copyInheritedSettings(program);
  program.addCommand(desktop);
  try {
    await program.parseAsync(args, { from: 'user' });
    return 0;
  } catch (error) {
    // Commander has printed its own errors.
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : USAGE;
    // The user asked the process to end before the command had opened anything.
    if (error === system.stopping.reason && system.stopping.aborted) return 0;
    printError(system, reasonOf(error));
    return error instanceof UsageError ? USAGE : FAILURE;
  }
}
