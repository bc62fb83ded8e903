import type { Diagnostic } from '@vigilant/core';
import type { System } from './system';

/** Prints a line to the standard output. */
export function printLine({ stdout }: Pick<System, 'stdout'>, text: string): void {
  stdout.write(`${text}\n`);
}

/** Prints a warning or an error to the standard error. */
export function printError({ stderr }: Pick<System, 'stderr'>, text: string): void {
  stderr.write(`vigilant: ${text}\n`);
}

/** Prints a diagnostic of the engine, unless it is for developers. */
export function printDiagnostic(system: Pick<System, 'stderr'>, diagnostic: Diagnostic): void {
  const { level, component, message, suppressed } = diagnostic;
  if (level === 'debug' || level === 'info') return;
  printError(system, `${level}: ${component}: ${message}${suppressed ? ` (and ${suppressed} more)` : ''}`);
}
