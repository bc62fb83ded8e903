import { toMicros } from '../event/micros';
import { MAX_OFFSET } from './relative-time';
import type { Refuse } from './leaves';

/** Reads a point of time as integer microseconds: ISO 8601, or an epoch whose magnitude decides its unit. */
export function parseTime(text: string, refuse: Refuse): number {
  const micros = /^-?\d+$/.test(text) ? epochMicros(Number(text)) : toMicros(Date.parse(text));
  if (Math.abs(micros) <= MAX_OFFSET) return micros;
  return refuse(
    `Expected a time (ISO 8601, an epoch, now, now-2h with ms s m h d w), found "${text.slice(0, 40)}"`,
  );
}

/** Writes integer microseconds as ISO 8601 in UTC. */
export function formatTime(micros: number): string {
  const seconds = Math.floor(micros / 1_000_000);
  const fraction = String(micros - seconds * 1_000_000).padStart(6, '0');
  return `${new Date(seconds * 1000).toISOString().slice(0, 19)}.${fraction}Z`.replace(/\.?0+Z$/, 'Z');
}

function epochMicros(value: number): number {
  const size = Math.abs(value);
  if (size < 1e11) return value * 1_000_000;
  if (size < 1e14) return value * 1000;
  return size < 1e17 ? value : Math.floor(value / 1000);
}
