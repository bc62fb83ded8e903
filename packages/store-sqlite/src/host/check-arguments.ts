import { VigilantError } from '@vigilant/core';
import { invalidOption } from '@vigilant/core/adapter';

/** Checks the path that a factory is called with. @throws {VigilantError} `VIGILANT_OPTIONS_INVALID` */
export function checkPath(factory: string, path: unknown, example: string): asserts path is string {
  const subject = `The path of ${factory}`;
  if (typeof path !== 'string' || path === '')
    throw invalidOption(subject, `a non-empty string such as "${example}"`, path);
  if (path.includes('\0'))
    throw invalidOption(subject, 'a string without NUL characters', path.replaceAll('\0', '\\0'));
  if (path.startsWith('file:')) throw invalidOption(subject, 'a path without "file:"', path);
  if (path.toLowerCase() === ':memory:')
    throw new VigilantError(
      'VIGILANT_OPTIONS_INVALID',
      `${subject} must be a file, not "${path}". ` +
        'To keep events in memory, use createMemoryBroker() and createMemoryStore() of @vigilant/core.',
    );
}

/**
 * Checks that a factory is called without further arguments, such as options that it does not have.
 *
 * @param known - Names of its parameters.
 * @param excess - The arguments after them.
 * @throws {VigilantError} `VIGILANT_OPTIONS_INVALID`
 */
export function checkArguments(factory: string, known: readonly string[], excess: readonly unknown[]): void {
  if (excess.length === 0) return;
  const names = `the argument${known.length === 1 ? '' : 's'} ${known.join(' and ')}`;
  throw new VigilantError(
    'VIGILANT_OPTIONS_INVALID',
    `${factory} accepts only ${names}, not ${known.length + excess.length} arguments.`,
  );
}
