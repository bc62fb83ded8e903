import { VigilantError } from '../util/errors';

/**
 * Checks that an argument is an engine.
 *
 * @param owner - The function that takes it, such as `serveGrpc()`.
 * @throws {VigilantError} `VIGILANT_OPTIONS_INVALID`
 */
export function checkEngine(owner: string, engine: unknown): void {
  const { logBatch, query } = (engine ?? {}) as Readonly<Record<string, unknown>>;
  if (typeof logBatch === 'function' && typeof query === 'function') return;
  throw new VigilantError(
    'VIGILANT_OPTIONS_INVALID',
    `The first argument of ${owner} must be an engine, as createVigilant() returns it.`,
  );
}
