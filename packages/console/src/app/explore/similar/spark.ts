import type { Bounds } from '../../time/range';

/** Counts the times in each of `parts` equal parts of a range. Times outside it are counted in the first or the last part. */
export function countParts(times: readonly number[], { from, to }: Bounds, parts: number): readonly number[] {
  const counts = new Array<number>(parts).fill(0);
  const width = Math.max(1, to - from) / parts;
  for (const time of times) {
    const index = Math.max(0, Math.min(parts - 1, Math.floor((time - from) / width)));
    counts[index] = (counts[index] ?? 0) + 1;
  }
  return counts;
}

/** Returns the path of bars. A part with an event is never lower than 2 pixels. */
export function sparkPath(counts: readonly number[], width: number, height: number): string {
  const max = Math.max(1, ...counts);
  const step = width / counts.length;
  return counts
    .map((count, index) => {
      if (count === 0) return '';
      const bar = Math.max(2, Math.round((count / max) * height));
      return `M${round(index * step)} ${height}v${-bar}h${round(Math.max(1, step - 1))}v${bar}z`;
    })
    .join('');
}

const round = (value: number): number => Math.round(value * 10) / 10;
