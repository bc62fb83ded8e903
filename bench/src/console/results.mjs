import { percentile } from '../measure.mjs';

/** Creates a row of the report: a measured value and its budget. */
export function budget(what, ours, target, isMet) {
  return { what: `console: ${what}`, durability: '', ours, floor: '', ratio: undefined, target, isMet };
}

/** Creates a row with the median and the 95th percentile of times in milliseconds. */
export function times(what, values, { p50, p95 }) {
  const [median, high] = [percentile(values, 0.5), percentile(values, 0.95)];
  const parts = [p50 === undefined ? [] : `p50 ${p50} ms`, p95 === undefined ? [] : `p95 ${p95} ms`].flat();
  return budget(
    what,
    `p50 ${median.toFixed(0)} ms, p95 ${high.toFixed(0)} ms`,
    parts.length === 0 ? 'none' : `≤ ${parts.join(', ')}`,
    parts.length === 0 ? undefined : median <= (p50 ?? Infinity) && high <= (p95 ?? Infinity),
  );
}

/**
 * Creates the rows of recorded frames and long tasks. The CPU time of the main thread has no budget: it shows whether
 * a missed budget is due to the page or to other work of the machine.
 */
export function frames(what, { frames: durations, tasks, cpuMs }, { fps, maxFrameMs, maxTasks }) {
  const rate = 1_000 / percentile(durations, 0.5);
  const longest = Math.max(...durations);
  const slowest = `p99 ${percentile(durations, 0.99).toFixed(0)} ms, max ${longest.toFixed(0)} ms`;
  const blocked = tasks.length === 0 ? '0' : `${tasks.length}, longest ${Math.max(...tasks).toFixed(0)} ms`;
  const cpu = `${(cpuMs / durations.length).toFixed(1)} ms`;
  return [
    budget(`${what}, median frame rate`, `${rate.toFixed(1)} fps`, `≥ ${fps} fps`, rate >= fps),
    limited(`${what}, frames`, slowest, longest, maxFrameMs, 'ms'),
    limited(`${what}, long tasks`, blocked, tasks.length, maxTasks, ''),
    budget(`${what}, CPU time of the main thread per frame`, cpu, 'none', undefined),
  ];
}

const limited = (what, ours, value, max, unit) =>
  max === undefined
    ? budget(what, ours, 'none', undefined)
    : budget(what, ours, `≤ ${max} ${unit}`.trim(), value <= max);

/** Formats bytes in millions. */
export const megabytes = (bytes) => `${(bytes / 1e6).toFixed(1)} MB`;
