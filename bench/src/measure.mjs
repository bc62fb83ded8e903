import { monitorEventLoopDelay } from 'node:perf_hooks';
import { mkdtempSync, rmSync, statSync, readdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Middle, lowest and highest of some numbers. */
export function summary(values) {
  const sorted = [...values].sort((a, b) => a - b);
  return { median: sorted[Math.floor(sorted.length / 2)], min: sorted[0], max: sorted.at(-1) };
}

/** The value below which a share of the values lies. */
export function percentile(values, share) {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))];
}

/** Runs some work; seconds of wall clock and of CPU over all threads. */
export async function timed(work) {
  globalThis.gc?.();
  const cpu = process.cpuUsage();
  const started = performance.now();
  const result = await work();
  const seconds = (performance.now() - started) / 1000;
  const { user, system } = process.cpuUsage(cpu);
  return { result, seconds, cpuSeconds: (user + system) / 1e6 };
}

/** Delay of the event loop while some work runs, in milliseconds, less the timer's own resolution. */
export async function loopDelay(work) {
  const resolution = 1;
  const histogram = monitorEventLoopDelay({ resolution });
  histogram.enable();
  await work();
  histogram.disable();
  const ms = (nanoseconds) => Math.max(0, nanoseconds / 1e6 - resolution);
  return { p50: ms(histogram.percentile(50)), p99: ms(histogram.percentile(99)), max: ms(histogram.max) };
}

/** Runs some work in a fresh folder that is gone afterwards. */
export async function inFolder(work) {
  const folder = mkdtempSync(join(tmpdir(), 'vigilant-bench-'));
  try {
    return await work(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Size of all files in a folder, in bytes; but for the ballast, which is the same however much there is. */
export function folderBytes(folder) {
  const files = readdirSync(folder).filter((name) => !name.endsWith('-ballast'));
  return files.reduce((sum, name) => sum + statSync(join(folder, name)).size, 0);
}

/** Repeats a measurement and checks that each run was right. */
export async function repeat(times, run) {
  const results = [];
  for (let n = 0; n < times; n += 1) results.push(await run(n));
  return results;
}

/** Works on all items, so many at once. */
export async function inFlight(items, most, work) {
  let next = 0;
  const lane = async () => {
    while (next < items.length) await work(items[next++]);
  };
  await Promise.all(Array.from({ length: most }, lane));
}

export function assertEqual(actual, expected, what) {
  if (actual !== expected)
    throw new Error(`${what}: ${actual} instead of ${expected}; the run does not count.`);
}
