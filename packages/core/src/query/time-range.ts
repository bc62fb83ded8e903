import type { Filter } from '../filter/ast';
import { VigilantError } from '../errors';
import { parseTimestamp } from '../event/timestamp';
import { parseRelativeTime } from '../filter/relative-time';
import type { TimeInput, TimeRange } from '../vigilant';

/** A span alone means so long ago. */
const SPAN = /^\d+(ms|[smhdw])$/;

/** Adds a range of time to a filter. Relative times stay relative until `resolveFilter`. */
export function withinRange(filter: Filter, { since, until }: TimeRange): Filter {
  const bounds: Filter[] = [];
  if (since !== undefined) bounds.push(bound('since', '>=', since));
  if (until !== undefined) bounds.push(bound('until', '<', until));
  if (bounds.length === 0) return filter;
  return { kind: 'and', filters: filter.kind === 'all' ? bounds : [filter, ...bounds] };
}

function bound(option: string, operator: '>=' | '<', input: TimeInput): Filter {
  const offset =
    typeof input === 'string' ? parseRelativeTime(SPAN.test(input) ? `now-${input}` : input) : undefined;
  if (offset !== undefined) return { kind: 'relative', operator, offset };
  try {
    return { kind: 'ordered', field: 'timestamp', operator, value: parseTimestamp(input) };
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new VigilantError('VIGILANT_QUERY_INVALID', `${option}: ${reason}`, { cause: error });
  }
}
