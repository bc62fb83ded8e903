import { shorten } from './text';

/** Something worth telling the operator, as a record. It never contains the content of events. */
export interface Diagnostic {
  readonly level: 'debug' | 'info' | 'warn' | 'error';
  /** Which part speaks, such as `scheduler` or `sqlite-store`. */
  readonly component: string;
  /** Stable and machine-readable, such as `append-failed`. */
  readonly code: string;
  /** For people: one line of bounded length, with control and bidirectional characters escaped. */
  readonly message: string;
  readonly error?: unknown;
  readonly details?: Readonly<Record<string, unknown>>;
  /** How many records of the same component and code were withheld since the last one. */
  readonly suppressed?: number;
}

/** Where diagnostics go. It may throw: that is ignored. */
export type DiagnosticSink = (diagnostic: Diagnostic) => void;

/** How long records of one component and code stay withheld after one was passed on, in milliseconds. */
export const DIAGNOSTIC_QUIET_MS = 10_000;

/** Most kinds of records remembered at once, so that a wild code cannot grow memory. */
const MAX_KINDS = 1_000;

/** Maximum length of a message, in UTF-16 code units. */
const MAX_MESSAGE_CHARACTERS = 4_096;

/**
 * Wraps a sink so that it cannot throw into us and is not flooded.
 *
 * Of records with the same component and code one passes in 10 s; the next
 * that passes says how many were withheld. Records of level `info` and `debug` always pass. Messages are made printable,
 * because they may quote a driver or another server.
 */
export function guardDiagnostics(sink: DiagnosticSink | undefined, monotonic: () => number): DiagnosticSink {
  if (sink === undefined) return () => {};
  const kinds = new Map<string, { quietUntil: number; suppressed: number }>();
  const pass = (diagnostic: Diagnostic): void => {
    try {
      sink({ ...diagnostic, message: shorten(diagnostic.message, MAX_MESSAGE_CHARACTERS) });
    } catch {
      // A broken sink must not break the host.
    }
  };
  return (diagnostic) => {
    if (diagnostic.level === 'info' || diagnostic.level === 'debug') return pass(diagnostic);
    const key = `${diagnostic.component} ${diagnostic.code}`;
    const now = monotonic();
    const kind = kinds.get(key);
    if (kind !== undefined && now < kind.quietUntil) {
      kind.suppressed += 1;
      return;
    }
    if (kind === undefined && kinds.size >= MAX_KINDS) kinds.clear();
    kinds.set(key, { quietUntil: now + DIAGNOSTIC_QUIET_MS, suppressed: 0 });
    pass(kind?.suppressed ? { ...diagnostic, suppressed: kind.suppressed } : diagnostic);
  };
}
