import { offsetOf } from '../../time/zone';

/** Number of buckets by which a key moves. */
export const KEY_STEPS: Readonly<Record<string, number>> = {
  ArrowLeft: -1,
  ArrowRight: 1,
  ArrowDown: -1,
  ArrowUp: 1,
  Home: -Infinity,
  End: Infinity,
};

/** Steps of the time axis in milliseconds. */
const STEPS = [
  1, 2, 5, 10, 20, 50, 100, 200, 500, 1e3, 2e3, 5e3, 1e4, 15e3, 3e4, 6e4, 12e4, 3e5, 6e5, 9e5, 18e5, 36e5,
  72e5, 108e5, 216e5, 432e5, 864e5, 1728e5, 6048e5, 12096e5, 31536e6,
];

/** Returns the round number at the top of a scale for a maximum. */
export function niceTop(max: number): number {
  if (max <= 1) return 1;
  const power = 10 ** Math.floor(Math.log10(max));
  const factor = [1, 1.2, 1.6, 2, 3, 4, 5, 6, 8, 10].find((each) => each * power >= max - 1e-9) ?? 10;
  return Math.ceil(factor * power);
}

/** Returns the step of a time axis with at most `maxSteps` steps, in milliseconds. */
export function timeStep(widthMs: number, maxSteps: number): number {
  return STEPS.find((step) => widthMs / step <= maxSteps) ?? Math.ceil(widthMs / Math.max(1, maxSteps));
}

/** Returns the times of the ticks of an axis. They are round in the zone. */
export function timeTicks(from: number, to: number, step: number, zone: string): readonly number[] {
  const offset = offsetOf(from, zone);
  const ticks: number[] = [];
  for (let tick = Math.ceil((from + offset) / step) * step - offset; tick < to; tick += step)
    ticks.push(tick);
  return ticks;
}

/** Returns the fields that the label of a tick needs. */
export function tickOptions(step: number): Intl.DateTimeFormatOptions {
  if (step >= 864e5) return { day: 'numeric', month: 'short' };
  const clock: Intl.DateTimeFormatOptions = { hour: '2-digit', minute: '2-digit' };
  if (step >= 6e4) return clock;
  return { ...clock, second: '2-digit', ...(step >= 1e3 ? {} : { fractionalSecondDigits: 3 }) };
}
