/** Formats a number with a unit, such as `i18n.unit`. */
type UnitFormat = (
  value: number,
  unit: string,
  maximumFractionDigits: number,
  unitDisplay: 'narrow',
) => string;

/** Formats how long something took or waited, such as `12ms`, `0.8s` or `15m`. */
export function formatDuration(ms: number, unit: UnitFormat): string {
  const size = Math.abs(ms);
  if (size < 1_000) return unit(ms, 'millisecond', size < 10 ? 1 : 0, 'narrow');
  return size < 120_000 ? unit(ms / 1_000, 'second', 1, 'narrow') : unit(ms / 60_000, 'minute', 0, 'narrow');
}
