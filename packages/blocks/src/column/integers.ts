import { packBits, unpackBits } from '../bytes/bits';
import type { ByteReader } from '../bytes/byte-reader';
import type { ByteWriter } from '../bytes/byte-writer';
import { DamagedBlockError } from '../bytes/damaged';
import { MAX_ITEMS } from '../limits';

// Layout of a column of integers within ±2^53:
//   count, form
//   form VALUES or DELTAS, "patched frame of reference": the residual of a value is (value - base) / unit.
//     base, unit, width in bits, number of exceptions
//     for each residual that does not fit in the width: distance from the index of the previous exception, its other bits
//     the low bits of all residuals, packed
//   form PLAIN: each value as it is
// DELTAS stores the first value, then the differences between neighbours in the same way.

const PLAIN = 0;
const VALUES = 1;
const DELTAS = 2;

/** Within this span of values, differences and sums of differences are exact. */
const MAX_SPAN = 2 ** 52;
const MAX_WIDTH = 53;
/** Estimated bits of an exception. */
const EXCEPTION_BITS = 48;
/** Times in microseconds are often whole seconds or milliseconds. */
const UNITS = [1_000_000, 1_000];
/** Maximum number of values that are sampled to find a low one. */
const MAX_SAMPLES = 256;
/** Share of the sample below that value. */
const LOW_SHARE = 0.03;

/** Writes a column of integers. */
export function writeIntegers(writer: ByteWriter, values: ArrayLike<number>): void {
  writer.unsigned(values.length);
  const frame = frameOf(values);
  if (frame === undefined) {
    writer.byte(PLAIN);
    for (let index = 0; index < values.length; index++) writer.signed(values[index] as number);
    return;
  }
  const deltas = frame.bits === 0 ? [] : deltasOf(values);
  const deltaFrame = frameOf(deltas);
  if (deltaFrame === undefined || frame.bits <= deltaFrame.bits) {
    writer.byte(VALUES);
    writeFrame(writer, values, frame);
  } else {
    writer.byte(DELTAS);
    writer.signed(values[0] as number);
    writeFrame(writer, deltas, deltaFrame);
  }
}

/** Reads a column of integers. @throws {DamagedBlockError} */
export function readIntegers(reader: ByteReader): Float64Array {
  const count = reader.count(MAX_ITEMS);
  const form = reader.byte();
  if (form === PLAIN) return Float64Array.from({ length: count }, () => reader.signed());
  if (form === VALUES) return readFrame(reader, count);
  if (form !== DELTAS || count === 0) throw new DamagedBlockError('the form of its integers is unknown');
  const first = reader.signed();
  const deltas = readFrame(reader, count - 1);
  const values = new Float64Array(count);
  values[0] = first;
  for (let index = 1; index < count; index++)
    values[index] = (values[index - 1] as number) + (deltas[index - 1] as number);
  return values;
}

/** How the values of a column are stored. The value that follows from a residual is `base + residual * unit`. */
interface Frame {
  readonly base: number;
  readonly unit: number;
  /** Number of low bits of each residual that are packed. */
  readonly width: number;
  /** Estimated size of the column in bits. */
  readonly bits: number;
}

/** Returns the cheapest frame, or `undefined` if the values are too far apart. */
function frameOf(values: ArrayLike<number>): Frame | undefined {
  let min = values[0] ?? 0;
  let max = min;
  for (let index = 1; index < values.length; index++) {
    const value = values[index] as number;
    if (value < min) min = value;
    if (value > max) max = value;
  }
  if (max === min) return { base: min, unit: 1, width: 0, bits: 0 };
  if (max - min > MAX_SPAN) return undefined;
  const unit = UNITS.find((each) => areMultiples(values, min, each)) ?? 1;
  const frame = measureFrame(values, min, unit);
  if (frame.width === 0) return frame;
  // A few values far below the others would make all residuals wide.
  const low = measureFrame(values, lowValueOf(values), unit);
  return low.bits < frame.bits ? low : frame;
}

function areMultiples(values: ArrayLike<number>, base: number, unit: number): boolean {
  for (let index = 0; index < values.length; index++)
    if (((values[index] as number) - base) % unit !== 0) return false;
  return true;
}

/** Returns a value that is lower than most others. */
function lowValueOf(values: ArrayLike<number>): number {
  const step = Math.ceil(values.length / MAX_SAMPLES);
  const sample = new Float64Array(Math.floor(values.length / step));
  for (let index = 0; index < sample.length; index++) sample[index] = values[index * step] as number;
  sample.sort();
  return sample[Math.floor(sample.length * LOW_SHARE)] as number;
}

/** Finds the width with the fewest bits. */
function measureFrame(values: ArrayLike<number>, base: number, unit: number): Frame {
  const counts = new Uint32Array(MAX_WIDTH + 2);
  for (let index = 0; index < values.length; index++) {
    const residual = ((values[index] as number) - base) / unit;
    (counts[residual < 0 ? MAX_WIDTH + 1 : widthOf(residual)] as number) += 1;
  }
  let best: Frame = { base, unit, width: MAX_WIDTH, bits: Infinity };
  let exceptions = counts[MAX_WIDTH + 1] as number;
  for (let width = MAX_WIDTH; width >= 0; width--) {
    const bits = width * values.length + exceptions * EXCEPTION_BITS;
    if (bits <= best.bits) best = { base, unit, width, bits };
    exceptions += counts[width] as number;
  }
  return best;
}

function widthOf(value: number): number {
  const high = Math.floor(value / 2 ** 32);
  return high > 0 ? 64 - Math.clz32(high) : 32 - Math.clz32(value);
}

function deltasOf(values: ArrayLike<number>): Float64Array {
  const deltas = new Float64Array(Math.max(0, values.length - 1));
  for (let index = 0; index < deltas.length; index++)
    deltas[index] = (values[index + 1] as number) - (values[index] as number);
  return deltas;
}

function writeFrame(writer: ByteWriter, values: ArrayLike<number>, { base, unit, width }: Frame): void {
  const range = 2 ** width;
  const low = new Float64Array(values.length);
  const exceptions: number[] = [];
  for (let index = 0; index < values.length; index++) {
    const residual = ((values[index] as number) - base) / unit;
    const isException = residual < 0 || residual >= range;
    low[index] = isException ? residual - Math.floor(residual / range) * range : residual;
    if (isException) exceptions.push(index, Math.floor(residual / range));
  }
  writer.signed(base);
  writer.unsigned(unit);
  writer.byte(width);
  writer.unsigned(exceptions.length / 2);
  for (let each = 0, before = 0; each < exceptions.length; each += 2) {
    const index = exceptions[each] as number;
    writer.unsigned(index - before);
    writer.signed(exceptions[each + 1] as number);
    before = index;
  }
  packBits(writer, low, width);
}

function readFrame(reader: ByteReader, count: number): Float64Array {
  const base = reader.signed();
  const unit = reader.unsigned();
  const width = reader.byte();
  if (width > MAX_WIDTH) throw new DamagedBlockError('its integers are too wide');
  const exceptions = Array.from({ length: reader.count(count) }, () => ({
    distance: reader.unsigned(),
    high: reader.signed(),
  }));
  const values = unpackBits(reader, count, width);
  let index = 0;
  for (const { distance, high } of exceptions) {
    index += distance;
    if (index >= count) throw new DamagedBlockError('an exception has no value');
    (values[index] as number) += high * 2 ** width;
  }
  for (let each = 0; each < count; each++) values[each] = base + (values[each] as number) * unit;
  return values;
}
