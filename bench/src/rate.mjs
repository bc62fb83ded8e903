import { ratioRow } from './rows.mjs';

/** Counts arrivals and measures their rate since the first one. */
export function createRateMeter() {
  let count = 0;
  let firstCount = 0;
  let firstAt;
  let lastAt;
  return {
    get count() {
      return count;
    },
    add(added) {
      lastAt = performance.now();
      count += added;
      if (firstAt !== undefined) return;
      firstAt = lastAt;
      firstCount = added;
    },
    get perSecond() {
      return (count - firstCount) / ((lastAt - firstAt) / 1000);
    },
  };
}

/** Creates a row of the report for a rate. `atLeast` is the minimum ratio to the floor. */
export function rateRow({ target, ...row }) {
  const created = ratioRow({ unit: 'events/s', ...row });
  return target === undefined ? created : { ...created, target };
}
