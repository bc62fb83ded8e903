/** Flags of the command line. */
export interface Flags {
  /** Whether to fill the server with the events of a simulated shop. */
  readonly isDemo: boolean;
}

/** Reads the flags. @throws {Error} that names an unknown argument */
export function readFlags(commandLine: readonly string[]): Flags {
  const unknown = commandLine.find((argument) => argument !== '--demo');
  if (unknown !== undefined)
    throw new Error(
      `Unknown argument "${unknown}". The only flag is --demo; environment variables set the rest.`,
    );
  return { isDemo: commandLine.includes('--demo') };
}
