import { VigilantError } from '@vigilant/core';
import { reasonOf } from '@vigilant/core/adapter';

/** Creates the error of a driver that is installed but cannot be loaded. */
export function notLoadable(place: string, error: unknown): VigilantError {
  const [reason = ''] = reasonOf(error).replace(/\s+/g, ' ').split(' Tried:', 1);
  return driverMissing(`better-sqlite3 cannot be loaded from ${place} (${reason})`, remedyOf(error), error);
}

/** Creates the error of a thread that cannot be started, so that the driver cannot run. */
export function threadNotStarted(name: string, error: unknown): VigilantError {
  return driverMissing(
    `The ${name} thread cannot be started (${reasonOf(error)})`,
    'SQLite runs in worker threads. With --permission, start Node.js with --allow-worker and --allow-addons.',
    error,
  );
}

/**
 * Creates the error of a missing driver.
 *
 * @param what - What is missing, without a full stop.
 * @param remedy - What the user can do about it, as sentences.
 */
export function driverMissing(what: string, remedy: string, cause?: unknown): VigilantError {
  const message = `${what}. ${remedy} Or use the memory adapters of @vigilant/core, or another store and broker.`;
  return new VigilantError('VIGILANT_DRIVER_MISSING', message, { cause });
}

function remedyOf(error: unknown): string {
  const { version, versions, platform, arch } = process;
  const code = (error as { readonly code?: unknown } | null)?.code;
  const runtime = versions['bun'] !== undefined ? 'Bun' : versions['deno'] !== undefined ? 'Deno' : undefined;
  if (runtime !== undefined) return `${runtime} does not support this driver. Run the program with Node.js.`;
  if (code === 'ERR_DLOPEN_DISABLED')
    return 'Start Node.js without --no-addons. With --permission, also pass --allow-addons.';
  if (code === 'ERR_ACCESS_DENIED')
    return 'Node.js runs with its permission model. Pass --allow-fs-read for the folder of the driver.';
  return `Run \`npm rebuild better-sqlite3\` with the Node.js that runs this program (${version}, ${platform}-${arch}).`;
}
