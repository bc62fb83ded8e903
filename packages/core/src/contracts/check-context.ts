import { checkFunctionOption, checkMethodsOption, checkObjectOption } from '../util/option-checks';
import type { AdapterContext } from './context';

/** Checks the context passed to `open` of an adapter. @throws {VigilantError} `VIGILANT_OPTIONS_INVALID` */
export function checkContext(context: AdapterContext): void {
  checkObjectOption('The context of open()', context);
  const { clock, signal, diagnostics } = context;
  checkMethodsOption('context.clock', clock, 'a Clock', ['now', 'monotonic', 'after']);
  const methods = ['addEventListener', 'removeEventListener'];
  checkMethodsOption('context.signal', signal, 'an AbortSignal', methods);
  checkFunctionOption('context.diagnostics', diagnostics);
}
