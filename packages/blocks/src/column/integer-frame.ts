import { packBits } from '../bytes/bits';
import type { ByteReader } from '../bytes/byte-reader';
import type { ByteWriter } from '../bytes/byte-writer';
import { DamagedBlockError } from '../bytes/damaged';
import { PackedBits } from '../bytes/packed-bits';
import type { Exceptions } from './frame-integers';
import { FrameIntegers } from './frame-integers';

// Layout of a frame ("patched frame of reference"): the residual of a value is (value - base) / unit.
//   base, unit, width in bits, number of exceptions
//   for each residual that does not fit in the width: distance from the index of the previous exception, its other bits
//   the low bits of all residuals, packed

/** Residuals are 32-bit integers. */
export const MAX_RESIDUAL = 2 ** 31 - 1;
const MAX_WIDTH = 31;
/** Minimum size of an exception in bytes. */
const EXCEPTION_BYTES = 2;
/** Estimated bits of an exception. */
const EXCEPTION_BITS = 24;
/** Number of widths of a residual: 0 to 53 bits. */
const WIDTHS = 54;
const MAX_SAMPLES = 128;
/** A prime number that spreads the samples, because values may repeat at regular distances. */
const STRIDE = 7_919;
/** Quantiles of the sample that may replace the smallest value as the base. */
const LOW_SHARES = [0.03, 0.12];

/** Shared, because most frames have none. */
const NO_EXCEPTIONS: Exceptions = { indexes: new Int32Array(0), excesses: new Float64Array(0) };

/** Some values of a column, sorted. */
export type Sample = Float64Array;

/** Returns up to 128 of some values. `distance` 1 returns differences from their successors instead. */
export function sampleOf(values: Float64Array, distance: 0 | 1): Sample {
  const count = values.length - distance;
  const step = Math.max(1, Math.ceil(count / MAX_SAMPLES));
  const sample = new Float64Array(Math.max(0, Math.floor(count / step)));
  for (let index = 0; index < sample.length; index++) {
    const at = index * step + ((index * STRIDE) % step);
    const value = values[at] as number;
    sample[index] = distance === 0 ? value : (values[at + 1] as number) - value;
  }
  return sample.sort();
}

/** Returns the base that stores a sample in the fewest bits, and their number for one value. */
export function estimateFrame(sample: Sample, min: number, unit: number): { base: number; bits: number } {
  let best = { base: min, bits: estimateBits(sample, min, unit) };
  // A few values far below the others would make all residuals wide.
  for (const share of LOW_SHARES) {
    const base = sample[Math.floor(sample.length * share)] ?? min;
    if (base === best.base) continue;
    const bits = estimateBits(sample, base, unit);
    if (bits < best.bits) best = { base, bits };
  }
  return best;
}

function estimateBits(sample: Sample, base: number, unit: number): number {
  const counts = new Uint32Array(WIDTHS + 1);
  for (let index = 0; index < sample.length; index++) {
    const residual = ((sample[index] as number) - base) / unit;
    (counts[residual < 0 ? WIDTHS : widthOf(residual)] as number) += 1;
  }
  return sample.length === 0 ? 0 : bestWidth(counts, sample.length, WIDTHS - 1).bits / sample.length;
}

/** Returns the number of bits of a non-negative integer. */
function widthOf(value: number): number {
  const high = Math.floor(value / 2 ** 32);
  return high > 0 ? 64 - Math.clz32(high) : 32 - Math.clz32(value);
}

/** Returns the width with the fewest bits. `counts` are the numbers of residuals by width, then of those that never fit. */
function bestWidth(counts: Uint32Array, values: number, maxWidth: number): { width: number; bits: number } {
  let best = { width: 0, bits: Infinity };
  let exceptions = counts[maxWidth + 1] as number;
  for (let width = maxWidth; width >= 0; width--) {
    const bits = width * values + exceptions * EXCEPTION_BITS;
    if (bits <= best.bits) best = { width, bits };
    exceptions += counts[width] as number;
  }
  return best;
}

/** Writes integers as a frame. Their residuals from any base among them must not exceed `MAX_RESIDUAL`. */
export function writeFrame(writer: ByteWriter, values: Float64Array, base: number, unit: number): void {
  const residuals = new Int32Array(values.length);
  const counts = new Uint32Array(MAX_WIDTH + 2);
  for (let index = 0; index < values.length; index++) {
    const residual = ((values[index] as number) - base) / unit;
    residuals[index] = residual;
    (counts[residual < 0 ? MAX_WIDTH + 1 : 32 - Math.clz32(residual)] as number) += 1;
  }
  const { width } = bestWidth(counts, values.length, MAX_WIDTH);
  writer.signed(base);
  writer.unsigned(unit);
  writer.byte(width);
  writeExceptions(writer, residuals, width);
  packBits(writer, residuals, width);
}

function writeExceptions(writer: ByteWriter, residuals: Int32Array, width: number): void {
  const exceptions: number[] = [];
  // The widest residuals have a width of 31 bits. The sign is always one of the other bits.
  if (width < MAX_WIDTH) {
    for (let index = 0; index < residuals.length; index++)
      if ((residuals[index] as number) >> width !== 0) exceptions.push(index);
  } else {
    for (let index = 0; index < residuals.length; index++)
      if ((residuals[index] as number) < 0) exceptions.push(index);
  }
  writer.unsigned(exceptions.length);
  let before = 0;
  for (const index of exceptions) {
    writer.unsigned(index - before);
    writer.signed((residuals[index] as number) >> width);
    before = index;
  }
}

/** Reads integers that `writeFrame` wrote. @throws {DamagedBlockError} */
export function readFrame(reader: ByteReader, count: number): FrameIntegers {
  const base = reader.signed();
  const unit = reader.unsigned();
  const width = reader.byte();
  if (width > MAX_WIDTH) throw new DamagedBlockError('its integers are too wide');
  const exceptions = readExceptions(reader, count, 2 ** width * unit);
  return new FrameIntegers(count, base, unit, new PackedBits(reader, count, width), exceptions);
}

/** @param factor - Factor of the stored excesses. */
function readExceptions(reader: ByteReader, count: number, factor: number): Exceptions {
  const exceptions = reader.count(count, EXCEPTION_BYTES);
  if (exceptions === 0) return NO_EXCEPTIONS;
  const indexes = new Int32Array(exceptions);
  const excesses = new Float64Array(exceptions);
  let index = 0;
  for (let each = 0; each < exceptions; each++) {
    index += reader.unsigned();
    if (index >= count) throw new DamagedBlockError('an exception has no value');
    indexes[each] = index;
    excesses[each] = reader.signed() * factor;
  }
  return { indexes, excesses };
}
