import type { EventsQuery } from '../../api/client';
import type { ApiEvent } from '../../api/types';
import { quote, formatValue } from '../../query/value';
import type { Context } from '../../route/url-state';
import { traceOf } from '../../text/event-text';
import { parseDuration } from '../../time/range';

/** Requests for the events around an event: newer ones, oldest first, and older ones, newest first. */
export interface ContextQueries {
  readonly newer: EventsQuery;
  readonly older: EventsQuery;
}

/** Returns the filter of the events that have something in common with an event. */
export function contextFilter(event: ApiEvent, same: Context['same']): string {
  const { origin, source, group } = event;
  switch (same) {
    case 'trace': {
      const trace = traceOf(event);
      return trace === undefined ? '' : `${trace.field}:${formatValue(trace.field, trace.value)}`;
    }
    case 'source':
      return `source:${quote(source)} origin:${quote(origin)}`;
    case 'group':
      return `group:${quote(group)}`;
    case 'all':
      return '';
  }
}

/** Returns what other events can share with an event, most specific first. */
export function sameOptions(event: ApiEvent): readonly Context['same'][] {
  return traceOf(event) === undefined ? ['source', 'group', 'all'] : ['trace', 'source', 'group', 'all'];
}

/** Returns the requests for the events around an event. The event itself is part of both. */
export function contextQueries(event: ApiEvent, { width, same }: Context, limit: number): ContextQueries {
  const filter = contextFilter(event, same);
  const time = Date.parse(event.timestamp);
  const ms = parseDuration(width) ?? 0;
  const iso = (at: number): string => new Date(at).toISOString();
  return {
    // The time in milliseconds may be before the event, which has microseconds.
    newer: { filter, since: iso(time), until: iso(time + ms + 1), order: 'oldest', limit },
    older: { filter, since: iso(time - ms), until: iso(time + 1), order: 'newest', limit },
  };
}

/** Combines both answers, newest first. Events of the same time keep the order of the server. */
export function mergeContext(
  anchor: ApiEvent,
  newer: readonly ApiEvent[],
  older: readonly ApiEvent[],
): readonly ApiEvent[] {
  const known = new Map([...newer, ...older, anchor].map((event) => [event.id, event]));
  return [...known.values()].sort(
    (a, b) => compare(b.timestamp, a.timestamp) || (b.sequence ?? Infinity) - (a.sequence ?? Infinity) || 0,
  );
}

/** Compares ISO times with different numbers of decimals. */
function compare(a: string, b: string): number {
  const [x, y] = [a, b].map((text) =>
    text.replace(/(?:\.(\d+))?Z$/, (_, digits = '') => `.${digits.padEnd(6, '0')}Z`),
  );
  return (x ?? '') < (y ?? '') ? -1 : x === y ? 0 : 1;
}
