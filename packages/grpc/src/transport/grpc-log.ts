import { setLogger } from '@grpc/grpc-js';
import type { Diagnostic, DiagnosticSink } from '@vigilant/core';
import { systemClock } from '@vigilant/core';
import { guardDiagnostics } from '@vigilant/core/adapter';

/** The message for a header that is not valid metadata. It shows the value, which may be a secret. */
const INVALID_METADATA = /^(Failed to add metadata entry [^:]*): .*/s;

/**
 * Reports the messages of grpc-js, which it would print to the standard error, to a sink instead.
 *
 * Applies to every use of grpc-js in the process until the process ends. For programs; a library must leave the choice to
 * its host.
 */
export function redirectGrpcLog(sink: DiagnosticSink): void {
  const report = guardDiagnostics(sink, () => systemClock.monotonic());
  const at =
    (level: Diagnostic['level']) =>
    (...parts: readonly unknown[]): void => {
      const message = parts.join(' ').replace(INVALID_METADATA, '$1');
      report({ level, component: 'grpc-js', code: 'library-message', message });
    };
  setLogger({ error: at('warn'), info: at('info'), debug: at('debug') });
}
