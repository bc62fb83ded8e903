import type { ByteReader } from '../bytes/byte-reader';
import type { ByteWriter } from '../bytes/byte-writer';
import { DamagedBlockError } from '../bytes/damaged';
import { MAX_ITEMS } from '../limits';
import { MAX_DISTINCT_INTEGERS, distinctOf, indexBits } from './distinct-integers';
import { MAX_RESIDUAL, estimateFrame, readFrame, sampleOf, writeFrame } from './integer-frame';
import type { Integers } from './integer-values';
import { DELTAS_CHUNK, DeltaIntegers } from './delta-integers';
import { IndexedIntegers, ListedIntegers, SteppedIntegers } from './integer-values';
import { HALF, SplitIntegers } from './split-integers';

// Layout of a column of integers within ±2^53:
//   count, form
//   form PLAIN: each value
//   form VALUES: a frame of the values (see integer-frame.ts)
//   form DELTAS: the first value, then a frame of the differences between neighbours. Unless these are all equal, the distance
//     of every 256th value from the value 256 before follows, so that a value is found without adding up all differences.
//   form HALVES, for values too far apart for a frame: base, unit, then two columns of integers, high and low. A value is
//     base + (high * 2^26 + low) * unit.
//   form DISTINCT, for few different values: two columns of integers, the different values and the index of each value

const PLAIN = 0;
const VALUES = 1;
const DELTAS = 2;
const HALVES = 3;
const DISTINCT = 4;

/** Within this span of values, differences and sums of differences are exact. */
const MAX_SPAN = 2 ** 52;
/** Maximum depth of nested columns. */
const MAX_DEPTH = 4;
/** Times in microseconds are often whole seconds or milliseconds. */
const UNITS = [1_000_000, 1_000];

/** Writes a column of integers. */
export function writeIntegers(writer: ByteWriter, values: Float64Array): void {
  writer.unsigned(values.length);
  const { min, max } = spanOf(values);
  if (max - min > MAX_SPAN) return writePlain(writer, values);
  const unit = unitOf(values, min, max);
  const sample = sampleOf(values, 0);
  const frame = estimateFrame(sample, min, unit);
  if (max > min && writeDeltas(writer, values, unit, frame.bits)) return;
  if (indexBits(sample) < frame.bits - 1 && writeDistinct(writer, values)) return;
  if ((max - min) / unit > MAX_RESIDUAL) return writeHalves(writer, values, min, unit);
  writer.byte(VALUES);
  writeFrame(writer, values, frame.base, unit);
}

/** Reads a column of integers. @throws {DamagedBlockError} */
export function readIntegers(reader: ByteReader, depth = 0): Integers {
  const count = reader.count(MAX_ITEMS);
  const form = reader.byte();
  if (form === PLAIN) return readPlain(reader, count);
  if (form === VALUES) return readFrame(reader, count);
  if (form === DELTAS && count > 0) return readDeltas(reader, count);
  if (form === HALVES && depth < MAX_DEPTH) return readHalves(reader, count, depth + 1);
  if (form === DISTINCT && depth < MAX_DEPTH) return readDistinct(reader, count, depth + 1);
  throw new DamagedBlockError('the form of its integers is unknown');
}

function writePlain(writer: ByteWriter, values: Float64Array): void {
  writer.byte(PLAIN);
  for (let index = 0; index < values.length; index++) writer.signed(values[index] as number);
}

function readPlain(reader: ByteReader, count: number): Integers {
  if (count > reader.remaining) throw new DamagedBlockError('part of its integers is incomplete');
  const values = new Float64Array(count);
  for (let index = 0; index < count; index++) values[index] = reader.signed();
  reader.onDecoded(values.byteLength);
  return new ListedIntegers(values);
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
  if (max > min)
    for (let index = DELTAS_CHUNK; index < values.length; index += DELTAS_CHUNK)
      writer.signed((values[index] as number) - (values[index - DELTAS_CHUNK] as number));
  return true;
}

function readDeltas(reader: ByteReader, count: number): Integers {
  const first = reader.signed();
  const deltas = readFrame(reader, count - 1);
  if (deltas.constant !== undefined) return new SteppedIntegers(count, first, deltas.constant);
  const starts = new Float64Array(Math.ceil(count / DELTAS_CHUNK)).fill(first);
  for (let chunk = 1; chunk < starts.length; chunk++)
    starts[chunk] = (starts[chunk - 1] as number) + reader.signed();
  return new DeltaIntegers(count, starts, deltas, reader.onDecoded);
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

function readHalves(reader: ByteReader, count: number, depth: number): Integers {
  const base = reader.signed();
  const unit = reader.unsigned();
  const [high, low] = [readIntegers(reader, depth), readIntegers(reader, depth)];
  if (high.length !== count || low.length !== count)
    throw new DamagedBlockError('part of its integers is incomplete');
  return new SplitIntegers(base, unit, high, low);
}

/** Writes the different values and their indexes if they are few. Otherwise writes nothing. */
function writeDistinct(writer: ByteWriter, values: Float64Array): boolean {
  const found = distinctOf(values);
  if (found === undefined) return false;
  writer.byte(DISTINCT);
  writeIntegers(writer, found.distinct);
  writeIntegers(writer, found.indexes);
  return true;
}

function readDistinct(reader: ByteReader, count: number, depth: number): Integers {
  const distinct = readIntegers(reader, depth);
  const indexes = readIntegers(reader, depth);
  if (indexes.length !== count || distinct.length > MAX_DISTINCT_INTEGERS)
    throw new DamagedBlockError('part of its integers is incomplete');
  return new IndexedIntegers(distinct.slice(0, distinct.length), indexes);
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
