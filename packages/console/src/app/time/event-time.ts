import type { Bounds } from './range';

const CLOCK: Intl.DateTimeFormatOptions = {
  hour: '2-digit',
  minute: '2-digit',
  second: '2-digit',
  fractionalSecondDigits: 3,
};

/** Formats a time in a zone, such as `i18n.date`. */
export type DateFormat = (ms: number, timeZone: string, options: Intl.DateTimeFormatOptions) => string;

/** Formats the time of a row: the clock with milliseconds. */
export function formatClock(iso: string, zone: string, date: DateFormat): string {
  return date(Date.parse(iso), zone, CLOCK);
}

/** Formats the day of a time, such as `25 Nov`, with the year if it is not that of `now`. */
export function formatDay(iso: string, now: number, zone: string, date: DateFormat): string {
  const year = (ms: number): string => date(ms, zone, { year: 'numeric' });
  const day: Intl.DateTimeFormatOptions = { day: 'numeric', month: 'short' };
  const time = Date.parse(iso);
  return date(time, zone, year(time) === year(now) ? day : { ...day, year: 'numeric' });
}

/** Formats the day and the clock of a time, such as `25 Nov, 10:31:04`, with the year if it is not that of `now`. */
export function formatDateTime(iso: string, now: number, zone: string, date: DateFormat): string {
  return `${formatDay(iso, now, zone, date)}, ${formatMoment(Date.parse(iso), zone, date, false)}`;
}

/** Formats the clock with all decimals of an ISO time, which can have 6. */
export function formatPreciseClock(iso: string, zone: string, date: DateFormat): string {
  const clock = date(Date.parse(iso), zone, { hour: '2-digit', minute: '2-digit', second: '2-digit' });
  const fraction = /\.(\d+)/.exec(iso)?.[1] ?? '';
  const separator = date(0, zone, CLOCK).at(-4) ?? '.';
  return fraction === '' ? clock : `${clock}${separator}${fraction}`;
}

/** Formats the clock of a time, with the day if `hasDay`. */
export function formatMoment(ms: number, zone: string, date: DateFormat, hasDay: boolean): string {
  const clock: Intl.DateTimeFormatOptions = { hour: '2-digit', minute: '2-digit', second: '2-digit' };
  return date(ms, zone, hasDay ? { day: 'numeric', month: 'short', ...clock } : clock);
}

/** Returns whether two times are on the same day. */
export function isSameDay(a: number, b: number, zone: string, date: DateFormat): boolean {
  const [first, second] = [a, b].map((ms) => date(ms, zone, { dateStyle: 'short' }));
  return first === second;
}

/** Formats a period: the day of its end only where it is not that of its start. */
export function formatPeriod({ from, to }: Bounds, zone: string, date: DateFormat): string {
  const end = formatMoment(to, zone, date, !isSameDay(from, to, zone, date));
  return `${formatMoment(from, zone, date, true)} – ${end}`;
}

/** Formats the clock from one time to another, as short as possible: `10:31:02–04`, `10:31:59–32:01`, `10:59–11:02`. */
export function formatSpan(since: string, until: string, zone: string, date: DateFormat): string {
  const from = formatMoment(Date.parse(since), zone, date, false);
  const to = formatMoment(Date.parse(until), zone, date, false);
  if (from === to) return from;
  if (from.slice(0, 5) === to.slice(0, 5)) return `${from}–${to.slice(6)}`;
  return from.slice(0, 2) === to.slice(0, 2)
    ? `${from}–${to.slice(3)}`
    : `${from.slice(0, 5)}–${to.slice(0, 5)}`;
}

/** Returns the microseconds of an ISO time beyond its milliseconds. */
function microsOf(iso: string): number {
  return Number((/\.\d{3}(\d{1,3})/.exec(iso)?.[1] ?? '').padEnd(3, '0'));
}

/** Returns the difference of two ISO times in milliseconds, with microseconds as the fraction. */
export function differenceMs(iso: string, from: string): number {
  return Date.parse(iso) - Date.parse(from) + (microsOf(iso) - microsOf(from)) / 1_000;
}
