import { summary } from './measure.mjs';

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

/** Creates a row of the report for a rate. Each run is compared with the floor measured next to it. `atLeast` is the minimum ratio. */
export function rateRow({ what, durability, pairs, floorName, target, atLeast, why }) {
  const own = summary(pairs.map(({ ours }) => ours));
  const floor = summary(pairs.map(({ floor }) => floor));
  // Other load on the machine slows both runs of a pair, so their ratio is more stable than the rates.
  const ratios = summary(pairs.map((pair) => pair.ours / pair.floor));
  const ratio = ratios.median;
  return {
    what,
    durability,
    ours: `${own.median.toFixed(0)} events/s`,
    floor: `${floorName} ${floor.median.toFixed(0)} events/s`,
    ratio,
    target: target ?? `≥ ${atLeast}`,
    isMet: atLeast === undefined ? undefined : ratio >= atLeast,
    why,
    spread: { ours: own, floor, ratio: ratios },
  };
}
