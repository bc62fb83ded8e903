import type { Bounds } from '../../time/range';
import { barHeight, type Bucket, type Plot } from '../histogram/bars';

/** Returns a path along the tops of buckets, which returns to the foot of the plot where there are none. */
export function outlinePath(
  buckets: readonly Bucket[],
  { from, to }: Bounds,
  { left, width, height }: Plot,
  top: number,
): string {
  const x = (time: number): number =>
    Math.round(left + ((Math.max(from, Math.min(to, time)) - from) / (to - from)) * width);
  let path = '';
  let end: number | undefined;
  for (const bucket of buckets) {
    const start = x(bucket.from);
    const y = height - barHeight(bucket.total, top, height);
    if (start !== end) path += `${end === undefined ? '' : `V${height}`}M${start} ${height}`;
    end = x(bucket.to);
    path += `V${y}H${end}`;
  }
  return end === undefined ? '' : `${path}V${height}`;
}
