import type { JsonObject } from '../event/event';

/**
 * The part of `@opentelemetry/api` 1.x that finds the active span. All copies of the API in a process share the object under
 * this global symbol, so reading it needs neither the package nor its version.
 */
interface OpenTelemetryApi {
  readonly context?: { active(): { getValue(key: symbol): Span | undefined } };
}

interface Span {
  spanContext?(): { readonly traceId: string; readonly spanId: string; readonly traceFlags: number };
}

const API = Symbol.for('opentelemetry.js.api.1');
const SPAN = Symbol.for('OpenTelemetry Context Key SPAN');

/** Hexadecimal ids that are not all zeros, as the W3C trace context requires. */
const TRACE_ID = /^(?!0+$)[\da-f]{32}$/;
const SPAN_ID = /^(?!0+$)[\da-f]{16}$/;

/**
 * Returns the ids of the active OpenTelemetry span, under the names of the OpenTelemetry specification for logs in other
 * formats; `undefined` if there is none.
 */
export function activeTrace(): JsonObject | undefined {
  const api = (globalThis as { readonly [API]?: OpenTelemetryApi })[API];
  if (api === undefined) return undefined;
  try {
    const span = api.context?.active().getValue(SPAN)?.spanContext?.();
    if (span === undefined || !TRACE_ID.test(span.traceId) || !SPAN_ID.test(span.spanId)) return undefined;
    const flags = span.traceFlags.toString(16).padStart(2, '0');
    return { trace_id: span.traceId, span_id: span.spanId, trace_flags: flags };
  } catch {
    // Logging must not fail because of another library.
    return undefined;
  }
}
