/** Calendar fields of a time in a zone. `month` starts at 1. */
export interface Fields {
  readonly year: number;
  readonly month: number;
  readonly day: number;
  readonly hour: number;
  readonly minute: number;
  readonly second: number;
}

const formats = new Map<string, Intl.DateTimeFormat>();

/** Returns the IANA name of `UTC`, `local` or an IANA name. Falls back to UTC for unknown names. */
export function resolveZone(zone: string): string {
  if (zone === 'local') return Intl.DateTimeFormat().resolvedOptions().timeZone;
  return isZone(zone) ? zone : 'UTC';
}

/** Returns whether a text is `local` or a time zone that this browser knows. */
export function isZone(text: string): boolean {
  if (text === 'local' || text === 'UTC') return true;
  try {
    return Intl.DateTimeFormat('en', { timeZone: text }) !== undefined;
  } catch {
    return false;
  }
}

/** Returns the calendar fields of a time. */
export function fieldsOf(ms: number, zone: string): Fields {
  const parts: Record<string, number> = {};
  for (const { type, value } of formatFor(zone).formatToParts(ms)) parts[type] = Number(value);
  const { year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0 } = parts;
  return { year, month, day, hour, minute, second };
}

/**
 * Returns the time of calendar fields, in milliseconds. Fields beyond their range carry over, as in `Date.UTC`.
 *
 * A local time that a clock change skips becomes the time after the change. One that occurs twice becomes the first.
 */
export function timeOf(fields: Fields, zone: string): number {
  const { year, month, day, hour, minute, second } = fields;
  const asUtc = Date.UTC(year, month - 1, day, hour, minute, second);
  // The offset is that of a nearby time. The second step corrects it next to a clock change.
  const first = asUtc - offsetOf(asUtc - offsetOf(asUtc, zone), zone);
  const second_ = asUtc - offsetOf(first, zone);
  const earlier = Math.min(first, second_);
  return earlier + offsetOf(earlier, zone) === asUtc ? earlier : Math.max(first, second_);
}

/** Returns how far the local time of a zone is ahead of UTC, in milliseconds. */
export function offsetOf(ms: number, zone: string): number {
  if (zone === 'UTC') return 0;
  const whole = Math.floor(ms / 1_000) * 1_000;
  const { year, month, day, hour, minute, second } = fieldsOf(whole, zone);
  return Date.UTC(year, month - 1, day, hour, minute, second) - whole;
}

function formatFor(zone: string): Intl.DateTimeFormat {
  let format = formats.get(zone);
  if (format === undefined) {
    const numeric = 'numeric' as const;
    format = new Intl.DateTimeFormat('en-u-ca-iso8601', {
      timeZone: resolveZone(zone),
      hourCycle: 'h23',
      year: numeric,
      month: numeric,
      day: numeric,
      hour: numeric,
      minute: numeric,
      second: numeric,
    });
    formats.set(zone, format);
  }
  return format;
}
