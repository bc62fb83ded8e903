import { optionError } from '../util/option-checks';

/**
 * Checks that an argument is an engine.
 *
 * @param owner - The function that receives it, such as `serveGrpc()`.
 * @throws {VigilantError} `VIGILANT_OPTIONS_INVALID`
 */
export function checkEngine(owner: string, engine: unknown): void {
  const { logBatch, query } = (engine ?? {}) as Readonly<Record<string, unknown>>;
  if (typeof logBatch === 'function' && typeof query === 'function') return;
  const reason = 'must be an engine, such as the result of createVigilant()';
  throw optionError(`The first argument of ${owner} ${reason}.`, {
    field: 'engine',
    code: 'wrong_type',
    reason,
  });
}
