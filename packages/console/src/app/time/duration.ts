import type { I18n } from '../i18n/i18n.svelte';

/** Formats how long something took or waited, such as `12ms`, `0.8s` or `15m`. */
export function formatDuration(ms: number, unit: I18n['unit']): string {
  const size = Math.abs(ms);
  if (size < 1_000) return unit(ms, 'millisecond', size < 10 ? 1 : 0, 'narrow');
  return size < 120_000 ? unit(ms / 1_000, 'second', 1, 'narrow') : unit(ms / 60_000, 'minute', 0, 'narrow');
}
