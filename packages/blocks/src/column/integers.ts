import type { ByteReader } from '../bytes/byte-reader';
import type { ByteWriter } from '../bytes/byte-writer';
import { DamagedBlockError } from '../bytes/damaged';
import { MAX_ITEMS } from '../limits';
import { MAX_RESIDUAL, estimateFrame, readFrame, sampleOf, writeFrame } from './integer-frame';

// Layout of a column of integers within ±2^53:
//   count, form
//   form PLAIN: each value
//   form VALUES: a frame of the values (see integer-frame.ts)
//   form DELTAS: the first value, then a frame of the differences between neighbours
//   form HALVES, for values too far apart for a frame: base, unit, then two columns of integers, high and low. A value is
//     base + (high * 2^26 + low) * unit.

const PLAIN = 0;
const VALUES = 1;
const DELTAS = 2;
const HALVES = 3;

/** Within this span of values, differences and sums of differences are exact. */
const MAX_SPAN = 2 ** 52;
const HALF = 2 ** 26;
/** Times in microseconds are often whole seconds or milliseconds. */
const UNITS = [1_000_000, 1_000];

/** Writes a column of integers. */
export function writeIntegers(writer: ByteWriter, values: Float64Array): void {
  writer.unsigned(values.length);
  const { min, max } = spanOf(values);
  if (max - min > MAX_SPAN) return writePlain(writer, values);
  const unit = unitOf(values, min, max);
  const frame = estimateFrame(sampleOf(values, 0), min, unit);
  if (max > min && writeDeltas(writer, values, unit, frame.bits)) return;
  if ((max - min) / unit > MAX_RESIDUAL) return writeHalves(writer, values, min, unit);
  writer.byte(VALUES);
  writeFrame(writer, values, frame.base, unit);
}

/** Reads a column of integers. @throws {DamagedBlockError} */
export function readIntegers(reader: ByteReader): Float64Array {
  const count = reader.count(MAX_ITEMS);
  const form = reader.byte();
  return form === HALVES ? readHalves(reader, count) : readForm(reader, count, form);
}

function readForm(reader: ByteReader, count: number, form: number): Float64Array {
  if (form === PLAIN) return readPlain(reader, count);
  if (form === VALUES) return readFrame(reader, count);
  if (form === DELTAS && count > 0) return readDeltas(reader, count);
  throw new DamagedBlockError('the form of its integers is unknown');
}

function writePlain(writer: ByteWriter, values: Float64Array): void {
  writer.byte(PLAIN);
  for (let index = 0; index < values.length; index++) writer.signed(values[index] as number);
}

function readPlain(reader: ByteReader, count: number): Float64Array {
  const values = new Float64Array(count);
  for (let index = 0; index < count; index++) values[index] = reader.signed();
  return values;
}

/** Writes the differences between neighbours if a sample of them needs fewer bits. Otherwise writes nothing. */
function writeDeltas(writer: ByteWriter, values: Float64Array, unit: number, bits: number): boolean {
  const sample = sampleOf(values, 1);
  if (estimateFrame(sample, sample[0] ?? 0, unit).bits >= bits) return false;
  const deltas = new Float64Array(values.length - 1);
  for (let index = 0; index < deltas.length; index++)
    deltas[index] = (values[index + 1] as number) - (values[index] as number);
  const { min, max } = spanOf(deltas);
  if ((max - min) / unit > MAX_RESIDUAL) return false;
  writer.byte(DELTAS);
  writer.signed(values[0] as number);
  writeFrame(writer, deltas, estimateFrame(sample, min, unit).base, unit);
  return true;
}

function readDeltas(reader: ByteReader, count: number): Float64Array {
  let value = reader.signed();
  const deltas = readFrame(reader, count - 1);
  const values = new Float64Array(count);
  values[0] = value;
  for (let index = 1; index < count; index++) values[index] = value += deltas[index - 1] as number;
  return values;
}

function writeHalves(writer: ByteWriter, values: Float64Array, base: number, unit: number): void {
  const high = new Float64Array(values.length);
  const low = new Float64Array(values.length);
  for (let index = 0; index < values.length; index++) {
    const residual = ((values[index] as number) - base) / unit;
    high[index] = Math.floor(residual / HALF);
    low[index] = residual % HALF;
  }
  writer.byte(HALVES);
  writer.signed(base);
  writer.unsigned(unit);
  writeIntegers(writer, high);
  writeIntegers(writer, low);
}

function readHalves(reader: ByteReader, count: number): Float64Array {
  const base = reader.signed();
  const unit = reader.unsigned();
  const [high, low] = [readHalf(reader, count), readHalf(reader, count)];
  for (let index = 0; index < count; index++)
    high[index] = base + ((high[index] as number) * HALF + (low[index] as number)) * unit;
  return high;
}

function readHalf(reader: ByteReader, count: number): Float64Array {
  if (reader.unsigned() !== count) throw new DamagedBlockError('half of its integers is incomplete');
  return readForm(reader, count, reader.byte());
}

function spanOf(values: Float64Array): { min: number; max: number } {
  let min = values[0] ?? 0;
  let max = min;
  for (let index = 1; index < values.length; index++) {
    const value = values[index] as number;
    if (value < min) min = value;
    if (value > max) max = value;
  }
  return { min, max };
}

/** Returns a number that divides the distance of every value from the smallest. */
function unitOf(values: Float64Array, min: number, max: number): number {
  return UNITS.find((unit) => max - min >= unit && areMultiples(values, min, unit)) ?? 1;
}

function areMultiples(values: Float64Array, base: number, unit: number): boolean {
  for (let index = 0; index < values.length; index++) {
    const distance = (values[index] as number) - base;
    if (Math.floor(distance / unit) * unit !== distance) return false;
  }
  return true;
}
