/** Number of runs of similar size that are merged. */
const FAN_IN = 8;

/**
 * Returns the indexes of the runs to merge, or none. Call it again after the merge.
 *
 * The level of a run is the number of digits of its size in base 8. Eight runs of a level are merged into one of a higher
 * level, so an id is rewritten once for each level, and each level has at most seven runs.
 *
 * @param sizes - The number of entries of each run.
 */
export function planMerge(sizes: readonly number[]): readonly number[] {
  const levels = new Map<number, number[]>();
  sizes.forEach((size, index) => {
    const level = levelOf(size);
    const members = levels.get(level);
    if (members === undefined) levels.set(level, [index]);
    else members.push(index);
  });
  const [lowest] = [...levels].filter(([, members]) => members.length >= FAN_IN).sort(([a], [b]) => a - b);
  return lowest?.[1] ?? [];
}

function levelOf(size: number): number {
  let level = 0;
  for (let rest = size; rest >= FAN_IN; rest = Math.floor(rest / FAN_IN)) level += 1;
  return level;
}
