import { shorten } from './text';

/** A report for the operator. It never contains the content of events. */
export interface Diagnostic {
  readonly level: 'debug' | 'info' | 'warn' | 'error';
  /** Component that reports, such as `scheduler` or `sqlite-store`. */
  readonly component: string;
  /** Stable, machine-readable code, such as `append-failed`. */
  readonly code: string;
  /** Human-readable text: one line of bounded length, with control and bidirectional characters escaped. */
  readonly message: string;
  readonly error?: unknown;
  readonly details?: Readonly<Record<string, unknown>>;
  /** Number of reports of the same component and code that were suppressed since the last one. */
  readonly suppressed?: number;
}

/** Receives diagnostics. Errors that it throws are ignored. */
export type DiagnosticSink = (diagnostic: Diagnostic) => void;

/** Minimum time between two reports of the same component and code, in milliseconds. */
const QUIET_MS = 10_000;

/** Maximum number of components and codes that are remembered, which bounds memory if codes vary. */
const MAX_KINDS = 1_000;

/** Maximum length of a message, in UTF-16 code units. */
const MAX_MESSAGE_CHARACTERS = 4_096;

/**
 * Wraps a sink so that it cannot throw into the caller and is not flooded.
 *
 * Of warnings and errors with the same component and code, one in 10 s is passed on; the next one states how many were
 * suppressed. Reports of level `info` and `debug` always pass. Messages are made printable, because they may quote a
 * driver or another server.
 *
 * Without a sink, the first warning or error of each component and code becomes a warning of the process, which Node.js prints,
 * so that a program without `onDiagnostic` does not lose events silently.
 *
 * @param monotonic - Returns milliseconds from an arbitrary start, like `Clock.monotonic`.
 */
export function guardDiagnostics(sink: DiagnosticSink | undefined, monotonic: () => number): DiagnosticSink {
  if (sink === undefined) return createProcessWarnings();
  const guard = new DiagnosticGuard(sink, monotonic);
  return (diagnostic) => guard.report(diagnostic);
}

class DiagnosticGuard {
  readonly #sink: DiagnosticSink;
  readonly #monotonic: () => number;
  /** By component and code. */
  readonly #kinds = new Map<string, { readonly quietUntil: number; suppressed: number }>();

  constructor(sink: DiagnosticSink, monotonic: () => number) {
    this.#sink = sink;
    this.#monotonic = monotonic;
  }

  report(diagnostic: Diagnostic): void {
    if (diagnostic.level === 'info' || diagnostic.level === 'debug') return this.#pass(diagnostic);
    const key = `${diagnostic.component} ${diagnostic.code}`;
    const now = this.#monotonic();
    const kind = this.#kinds.get(key);
    if (kind !== undefined && now < kind.quietUntil) {
      kind.suppressed += 1;
      return;
    }
    if (kind === undefined && this.#kinds.size >= MAX_KINDS) this.#kinds.clear();
    this.#kinds.set(key, { quietUntil: now + QUIET_MS, suppressed: 0 });
    this.#pass(kind?.suppressed ? { ...diagnostic, suppressed: kind.suppressed } : diagnostic);
  }

  #pass(diagnostic: Diagnostic): void {
    try {
      this.#sink({ ...diagnostic, message: shorten(diagnostic.message, MAX_MESSAGE_CHARACTERS) });
    } catch {
      // A broken sink must not break the host.
    }
  }
}

/** Creates a sink that reports each kind of warning or error once. */
function createProcessWarnings(): DiagnosticSink {
  const reported = new Set<string>();
  return ({ level, component, code, message }) => {
    const key = `${component} ${code}`;
    if (level === 'info' || level === 'debug' || reported.has(key) || reported.size >= MAX_KINDS) return;
    reported.add(key);
    const text = `${component}: ${shorten(message, MAX_MESSAGE_CHARACTERS)} (Further reports of this kind go only to the option onDiagnostic.)`;
    process.emitWarning(text, { type: 'VigilantWarning', code });
  };
}
