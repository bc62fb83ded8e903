import { monitorEventLoopDelay } from 'node:perf_hooks';
import { mkdtempSync, rmSync, statSync, readdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

/** Returns the median, minimum and maximum of some numbers. */
export function summary(values) {
  const sorted = [...values].sort((a, b) => a - b);
  return { median: sorted[Math.floor(sorted.length / 2)], min: sorted[0], max: sorted.at(-1) };
}

/** Returns a percentile. `share` is a fraction, such as 0.99. */
export function percentile(values, share) {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))];
}

/** Runs a function and measures its wall-clock time and the CPU time of all threads, in seconds. */
export async function timed(work) {
  globalThis.gc?.();
  const watch = createStopwatch();
  watch.start();
  const result = await work();
  watch.stop();
  return { result, seconds: watch.seconds, cpuSeconds: watch.cpuSeconds };
}

/** Adds up the wall-clock time and the CPU time of all threads between `start` and `stop`, in seconds. */
export function createStopwatch() {
  let started;
  let cpu;
  const watch = {
    seconds: 0,
    cpuSeconds: 0,
    start() {
      cpu = process.cpuUsage();
      started = performance.now();
    },
    stop() {
      watch.seconds += (performance.now() - started) / 1000;
      const { user, system } = process.cpuUsage(cpu);
      watch.cpuSeconds += (user + system) / 1e6;
    },
  };
  return watch;
}

/** Age at which the memory of a process that has just started is measured, in milliseconds. */
export const START_MS = 3_000;

/** Time until the background garbage collection after the start of a process has ended, in milliseconds. */
const SETTLE_MS = 60_000;

/** Waits for `SETTLE_MS`, then returns the CPU usage of this process over `idleMs`, in per cent of a core. */
export async function idlePercent(idleMs) {
  await sleep(SETTLE_MS);
  const watch = createStopwatch();
  watch.start();
  await sleep(idleMs);
  watch.stop();
  return (watch.cpuSeconds / watch.seconds) * 100;
}

/** Measures the event-loop delay while a function runs, in milliseconds, minus the resolution of the timer. */
export async function loopDelay(work) {
  const resolution = 1;
  const histogram = monitorEventLoopDelay({ resolution });
  histogram.enable();
  await work();
  histogram.disable();
  const ms = (nanoseconds) => Math.max(0, nanoseconds / 1e6 - resolution);
  return { p50: ms(histogram.percentile(50)), p99: ms(histogram.percentile(99)), max: ms(histogram.max) };
}

/** Limits of repetition: at least `min` calls and `enoughMs`. Slow calls end after `tooLongMs` and 3 calls, or after 3 times `tooLongMs`. */
export const CALLS = { min: 20, max: 200, enoughMs: 1_000, tooLongMs: 4_000 };

/** Calls a function repeatedly with the number of the call. Returns the durations and the CPU time of a call in milliseconds. */
export async function repeatedly(call, { min, max, enoughMs, tooLongMs } = CALLS) {
  const duration = async (n) => {
    const started = performance.now();
    await call(n);
    return performance.now() - started;
  };
  const first = await duration(0);
  const cpu = process.cpuUsage();
  const times = [];
  for (let total = 0; times.length < max;) {
    if (times.length >= min && total > enoughMs) break;
    if (times.length >= 3 ? total > tooLongMs : total > 3 * tooLongMs) break;
    times.push(await duration(times.length + 1));
    total += times.at(-1);
  }
  const { user, system } = process.cpuUsage(cpu);
  return { first, times, cpuMs: (user + system) / 1000 / times.length };
}

/** Runs a function with a new folder, which is deleted afterwards. */
export async function inFolder(work) {
  const folder = mkdtempSync(join(tmpdir(), 'vigilant-bench-'));
  try {
    return await work(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Returns the bytes of all files in a folder, except the reserved space, whose size does not depend on the events. */
export function folderBytes(folder) {
  const files = readdirSync(folder).filter((name) => !name.endsWith('-ballast'));
  return files.reduce((sum, name) => sum + statSync(join(folder, name)).size, 0);
}

/** Returns the bytes that the files of a folder and its subfolders take. */
export function treeBytes(folder) {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .reduce((sum, { parentPath, name }) => sum + statSync(join(parentPath, name)).size, 0);
}

/** Runs a measurement several times, one after another. */
export async function repeat(times, run) {
  const results = [];
  for (let n = 0; n < times; n += 1) results.push(await run(n));
  return results;
}

/** Processes all items, at most `concurrency` at a time. */
export async function inFlight(items, concurrency, work) {
  let next = 0;
  const processRest = async () => {
    while (next < items.length) await work(items[next++]);
  };
  await Promise.all(Array.from({ length: concurrency }, processRest));
}

/** Throws if a count of a run is wrong, so that its figures are not reported. */
export function assertEqual(actual, expected, what) {
  if (actual !== expected)
    throw new Error(`${what}: ${actual} instead of ${expected}. The run is not valid.`);
}
