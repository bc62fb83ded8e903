import type { Diagnostic } from '@vigilant/core';

/** Keeps the server running after the readers of its output have exited, as in `npm start | head -1`. */
export function ignoreClosedOutput(): void {
  for (const stream of [process.stdout, process.stderr]) stream.on('error', () => {});
}

export function print(text: string): void {
  console.log(text);
}

export function printDiagnostic({ level, component, message, suppressed }: Diagnostic): void {
  if (level === 'debug') return;
  console.error(`${level}: ${component}: ${message}${suppressed ? ` (and ${suppressed} more)` : ''}`);
}
