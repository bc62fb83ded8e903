import { readTimestamp } from '../event/timestamp';
import { excerpt } from '../util/text';
import { FaultError } from '../event/violations';
import type { Refuse } from './leaves';

/** Parses a time like the timestamp of an event; returns integer microseconds. */
export function parseTime(time: string | number, refuse: Refuse): number {
  try {
    return readTimestamp(time);
  } catch (error) {
    if (!(error instanceof FaultError)) throw error;
    const { reason } = error.fault;
    return refuse(
      `Expected a time, but "${excerpt(String(time))}" ${reason}, or now-2h (units ms s m h d w)`,
    );
  }
}

/** Writes integer microseconds as ISO 8601 in UTC. */
export function formatTime(micros: number): string {
  const seconds = Math.floor(micros / 1_000_000);
  const fraction = String(micros - seconds * 1_000_000).padStart(6, '0');
  return `${new Date(seconds * 1000).toISOString().slice(0, 19)}.${fraction}Z`.replace(/\.?0+Z$/, 'Z');
}
