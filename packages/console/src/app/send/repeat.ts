/** How often an event is sent. */
export interface Repeat {
  readonly count: number;
  readonly perSecond: number;
}

export const MAX_COUNT = 100_000;
export const MAX_PER_SECOND = 5_000;
/** The server accepts more, but smaller batches keep the rate even. */
const MAX_BATCH = 1_000;

/** Returns how many events to send now, so that the rate is met. */
export function dueNow({ count, perSecond }: Repeat, sent: number, elapsedMs: number): number {
  const due = Math.min(count, Math.floor((elapsedMs / 1_000) * perSecond) + 1);
  return Math.min(MAX_BATCH, Math.max(0, due - sent));
}

/** Reads a whole number from 1 to a maximum, or `undefined`. */
export function parseCount(text: string, max: number): number | undefined {
  const value = Number(text.trim());
  return Number.isInteger(value) && value >= 1 && value <= max ? value : undefined;
}
