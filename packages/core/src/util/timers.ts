// The timers of Node.js, as they are when this module is loaded. Test runners replace the globals, and functions that are faked
// later would stop an engine that waits for them. The functions of `node:timers` also remain real if Vitest or Jest have replaced
// the globals before; Sinon and `node:test` replace both. `Date` is not kept: events carry the time that a test sets.
import { performance } from 'node:perf_hooks';
import * as timers from 'node:timers';

export const { setTimeout, clearTimeout, setImmediate } = timers;

/** `setInterval` of Node.js, also while a test runner replaces the global. */
export const setInterval = timers.setInterval;

/** Returns the milliseconds since an arbitrary start. Never steps back. */
export const monotonicNow: () => number = performance.now.bind(performance);
