import { summary } from './measure.mjs';

/** Counts arrivals, and how fast they come after the first: getting ready to receive is no part of the rate. */
export function createPace() {
  let [first, all] = [0, 0];
  let firstAt;
  let lastAt;
  return {
    get all() {
      return all;
    },
    add(count) {
      lastAt = performance.now();
      all += count;
      if (firstAt !== undefined) return;
      firstAt = lastAt;
      first = count;
    },
    get perSecond() {
      return (all - first) / ((lastAt - firstAt) / 1000);
    },
  };
}

/**
 * A row of the report: events a second against those of a floor that was taken beside each run. Without `atLeast` there
 * is no target.
 */
export function rateRow({ what, durability, pairs, floorName, target, atLeast, why }) {
  const own = summary(pairs.map(({ ours }) => ours));
  const floor = summary(pairs.map(({ floor }) => floor));
  // Neighbours on the machine that come and go slow both of a pair.
  const ratios = summary(pairs.map((pair) => pair.ours / pair.floor));
  const ratio = ratios.median;
  return {
    ...{ what, durability, ratio, why },
    ours: `${own.median.toFixed(0)} events/s`,
    floor: `${floorName} ${floor.median.toFixed(0)} events/s`,
    target: target ?? `≥ ${atLeast}`,
    isMet: atLeast === undefined ? undefined : ratio >= atLeast,
    spread: { ours: own, floor, ratio: ratios },
  };
}
