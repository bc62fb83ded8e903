import type { Diagnostic } from '@vigilant/core';
import { shorten } from '@vigilant/core/adapter';
import type { System } from './system';

/** Maximum length of a line, in UTF-16 code units. */
const MAX_LINE = 4_096;

/** Prints a line to the standard output. */
export function printLine({ stdout }: Pick<System, 'stdout'>, text: string): void {
  stdout.write(`${printable(text)}\n`);
}

/** Prints a warning or an error to the standard error. */
export function printError({ stderr }: Pick<System, 'stderr'>, text: string): void {
  stderr.write(`vigilant: ${printable(text)}\n`);
}

/** Prints a warning or an error of the engine. Ignores diagnostics of level `info` and `debug`. */
export function printDiagnostic(system: Pick<System, 'stderr'>, diagnostic: Diagnostic): void {
  const { level, component, message, suppressed } = diagnostic;
  if (level === 'debug' || level === 'info') return;
  printError(system, `${level}: ${component}: ${message}${suppressed ? ` (and ${suppressed} more)` : ''}`);
}

/** Escapes control and bidirectional characters, which a path or a server may contain. Keeps line breaks. */
function printable(text: string): string {
  return text
    .split('\n')
    .map((line) => shorten(line, MAX_LINE))
    .join('\n');
}
