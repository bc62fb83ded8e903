import type { EventInput, Vigilant } from '@vigilant/core';
import { setTimeout as sleep } from 'node:timers/promises';
import { MINUTE_MS, eventsOfMinute } from './shop';

/** Age of the oldest event of the demo, in minutes. */
const HISTORY_MINUTES = 60;

/** How often the demo logs the events that have become due, in milliseconds. */
const STEP_MS = 250;

/** Logs the events of the demo shop in the last hour, then each event when it is due, until the signal is aborted. */
export async function runDemo(vigilant: Vigilant, signal: AbortSignal): Promise<void> {
  let minute = Math.floor(Date.now() / MINUTE_MS) - HISTORY_MINUTES;
  while (!signal.aborted) {
    await logWhenDue(vigilant, eventsOfMinute(minute), signal);
    minute += 1;
  }
}

async function logWhenDue(
  vigilant: Vigilant,
  events: readonly EventInput[],
  signal: AbortSignal,
): Promise<void> {
  let next = 0;
  while (next < events.length && !signal.aborted) {
    const now = Date.now();
    const later = events.findIndex(({ timestamp }, index) => index >= next && Number(timestamp) > now);
    const end = later === -1 ? events.length : later;
    if (end > next) await logBatch(vigilant, events.slice(next, end), signal);
    next = end;
    if (next < events.length) await sleep(STEP_MS, undefined, { signal }).catch(() => {});
  }
}

/** Logs events. After a failure, which the diagnostics report, the demo continues with the next events. */
async function logBatch(
  vigilant: Vigilant,
  events: readonly EventInput[],
  signal: AbortSignal,
): Promise<void> {
  try {
    await vigilant.logBatch(events);
  } catch {
    await sleep(STEP_MS, undefined, { signal }).catch(() => {});
  }
}
