import { percentile, summary } from './measure.mjs';

/** Formats a number with the given digits and separators of thousands. */
export const format = (value, digits = 0) =>
  value.toLocaleString('en', { minimumFractionDigits: digits, maximumFractionDigits: digits });

/** Formats a number of events, such as `100k` or `1M`. */
export const formatCount = (count) => {
  if (count >= 1e6 && count % 1e5 === 0) return `${count / 1e6}M`;
  return count % 1e3 === 0 ? `${count / 1e3}k` : format(count);
};

/**
 * Creates a row of the report for values of several runs, each compared with the floor measured next to it.
 *
 * @param row - `pairs`: `{ ours, floor }` of each run; `atLeast`, `atMost`: limit of the ratio; `limit`: limit of the own
 * value; `key`: name of the question that VictoriaLogs answers too.
 */
export function ratioRow({ pairs, unit, digits = 0, floorName, atLeast, atMost, limit, ...row }) {
  const own = summary(pairs.map(({ ours }) => ours));
  const text = ({ median, min, max }) =>
    `${format(median, digits)} ${unit}${min === max ? '' : ` (${format(min, digits)}–${format(max, digits)})`}`;
  const compared = floorName === undefined ? undefined : compare(pairs, floorName, text);
  return {
    ...row,
    ours: text(own),
    floor: compared?.text ?? '',
    ratio: compared?.ratios.median,
    ...judge({ value: own.median, ratio: compared?.ratios.median, unit, atLeast, atMost, limit }),
    spread: { ours: own, floor: compared?.floor, ratio: compared?.ratios },
  };
}

function compare(pairs, floorName, text) {
  const floor = summary(pairs.map((pair) => pair.floor));
  // Other load on the machine slows both runs of a pair, so their ratio is more stable than the values.
  const ratios = summary(pairs.map((pair) => pair.ours / pair.floor));
  return { floor, ratios, text: `${floorName} ${text(floor)}` };
}

/** Returns the target as text and whether it is met. */
function judge({ value, ratio, unit, atLeast, atMost, limit }) {
  if (atLeast !== undefined) return { target: `≥ ${atLeast} × floor`, isMet: ratio >= atLeast };
  if (atMost !== undefined) return { target: `≤ ${atMost} × floor`, isMet: ratio <= atMost };
  if (limit !== undefined)
    return { target: `≤ ${limit.toLocaleString('en')} ${unit}`, isMet: value <= limit };
  return { target: 'none' };
}

/** Creates a row for the durations of repeated calls in milliseconds, alone and `busy`. The first call is named apart. */
export function timesRow({ calls, floor, busy, limit, ...row }) {
  const p50 = (list) => percentile(list.times, 0.5);
  const own = p50(calls);
  const details = [
    `p99 ${format(percentile(calls.times, 0.99), 2)}`,
    `fastest ${format(Math.min(...calls.times), 2)}`,
    `first ${format(calls.first, 1)}`,
    `CPU ${format(calls.cpuMs, 2)}`,
  ];
  if (busy !== undefined)
    details.push(`while writing ${format(p50(busy), 2)} and ${format(percentile(busy.times, 0.99), 2)}`);
  return {
    ...row,
    ours: `${format(own, 2)} ms (${details.join(', ')})`,
    floor: floor === undefined ? '' : `F7 ${format(p50(floor), 2)} ms`,
    ratio: floor === undefined ? undefined : own / p50(floor),
    ...judge({ value: own, unit: 'ms', limit }),
    spread: { ours: calls, floor, busy },
  };
}
