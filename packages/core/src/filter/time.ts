import { readTimestamp } from '../event/timestamp';
import { excerpt } from '../event/text';
import { FaultError } from '../event/violations';
import type { Refuse } from './leaves';

/** Reads a point of time as integer microseconds: ISO 8601, or an epoch whose magnitude decides its unit. */
export function parseTime(text: string, refuse: Refuse): number {
  try {
    return readTimestamp(text);
  } catch (error) {
    if (!(error instanceof FaultError)) throw error;
    return refuse(
      `Expected a time (ISO 8601, an epoch, now, now-2h with ms s m h d w), found "${excerpt(text)}"`,
    );
  }
}

/** Writes integer microseconds as ISO 8601 in UTC. */
export function formatTime(micros: number): string {
  const seconds = Math.floor(micros / 1_000_000);
  const fraction = String(micros - seconds * 1_000_000).padStart(6, '0');
  return `${new Date(seconds * 1000).toISOString().slice(0, 19)}.${fraction}Z`.replace(/\.?0+Z$/, 'Z');
}
