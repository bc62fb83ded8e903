import { LEVELS } from '@vigilant/core';
import type { Bounds } from '../bounds';
import type { ByteReader } from '../bytes/byte-reader';
import { ByteWriter } from '../bytes/byte-writer';
import { checkedReader, finishWithChecksum } from '../bytes/checksum';
import { DamagedBlockError } from '../bytes/damaged';
import type { BlockSummary, MinuteCounts, ValueCounts } from './block-summary';
import { SUMMARY_FIELDS } from './block-summary';
import { MAX_MINUTES, MAX_VALUES } from './summarize';

// Layout:
//   version
//   count, first sequence, distance of the last sequence
//   bounds of timestamp and receivedAt
//   count of each level
//   number of minutes plus one, or 0 if there are none
//   for each minute: distance from the previous minute and, in the low bits, which levels it has; their counts
//   for each field: number of values plus one, or 0 if there are none; for each value its text and count
// CRC-32.

/** Version of the layout. */
const SUMMARY_VERSION = 1;

const LEVEL_MASKS = 2 ** LEVELS.length;

/** Encodes a summary. */
export function encodeSummary(summary: BlockSummary): Uint8Array {
  const writer = new ByteWriter();
  writer.byte(SUMMARY_VERSION);
  writer.unsigned(summary.count);
  writer.unsigned(summary.firstSequence);
  writer.unsigned(summary.lastSequence - summary.firstSequence);
  writeBounds(writer, summary.timestamp);
  writeBounds(writer, summary.receivedAt);
  for (const count of summary.levels) writer.unsigned(count);
  writeMinutes(writer, summary.minutes);
  for (const field of SUMMARY_FIELDS) writeValues(writer, summary.values[field]);
  return finishWithChecksum(writer);
}

/** Decodes a summary. @throws {DamagedBlockError} when the bytes are damaged or of a later version. */
export function decodeSummary(bytes: Uint8Array): BlockSummary {
  const summary = readSummary(checkedReader(bytes, SUMMARY_VERSION));
  if (!isConsistent(summary)) throw new DamagedBlockError('its counts do not add up');
  return summary;
}

function readSummary(reader: ByteReader): BlockSummary {
  const count = reader.unsigned();
  const firstSequence = reader.unsigned();
  // The order of the fields is the order of the bytes.
  return {
    count,
    firstSequence,
    lastSequence: firstSequence + reader.unsigned(),
    timestamp: readBounds(reader),
    receivedAt: readBounds(reader),
    levels: LEVELS.map(() => reader.unsigned()),
    minutes: readMinutes(reader),
    values: {
      origin: readValues(reader),
      source: readValues(reader),
      type: readValues(reader),
      group: readValues(reader),
      severity: readValues(reader),
      tags: readValues(reader),
    },
  };
}

/** Returns whether all counts are of the same events. Events have any number of tags. */
function isConsistent({ count, levels, minutes, values }: BlockSummary): boolean {
  const { tags, ...singles } = values;
  const all = [levels, minutes?.counts, ...Object.values(singles).map((counts) => counts?.values())];
  return (
    all.every((counts) => counts === undefined || sumOf(counts) === count) &&
    [...(tags?.values() ?? [])].every((uses) => uses <= count)
  );
}

function sumOf(counts: Iterable<number>): number {
  let sum = 0;
  for (const each of counts) sum += each;
  return sum;
}

function writeBounds(writer: ByteWriter, { min, max }: Bounds): void {
  writer.signed(min);
  writer.signed(max);
}

function readBounds(reader: ByteReader): Bounds {
  return { min: reader.signed(), max: reader.signed() };
}

function writeMinutes(writer: ByteWriter, minuteCounts: MinuteCounts | undefined): void {
  if (minuteCounts === undefined) return writer.unsigned(0);
  const { minutes, counts } = minuteCounts;
  writer.unsigned(minutes.length + 1);
  if (minutes.length > 0) writer.signed(minutes[0] as number);
  let before = minutes[0] ?? 0;
  minutes.forEach((minute, index) => {
    const ofLevels = counts.subarray(index * LEVELS.length, (index + 1) * LEVELS.length);
    const mask = ofLevels.reduce((bits, count, level) => bits | (count > 0 ? 1 << level : 0), 0);
    writer.unsigned((minute - before) * LEVEL_MASKS + mask);
    for (const count of ofLevels) if (count > 0) writer.unsigned(count);
    before = minute;
  });
}

function readMinutes(reader: ByteReader): MinuteCounts | undefined {
  const length = reader.count(MAX_MINUTES + 1) - 1;
  if (length < 0) return undefined;
  const minutes = new Int32Array(length);
  const counts = new Uint32Array(length * LEVELS.length);
  let minute = length > 0 ? reader.signed() : 0;
  for (let index = 0; index < length; index++) {
    const word = reader.unsigned();
    const mask = word % LEVEL_MASKS;
    minutes[index] = minute += (word - mask) / LEVEL_MASKS;
    for (let level = 0; level < LEVELS.length; level++)
      if ((mask & (1 << level)) !== 0) counts[index * LEVELS.length + level] = reader.unsigned();
  }
  return { minutes, counts };
}

function writeValues(writer: ByteWriter, values: ValueCounts | undefined): void {
  if (values === undefined) return writer.unsigned(0);
  writer.unsigned(values.size + 1);
  for (const [value, count] of values) {
    writer.sized(Buffer.from(value));
    writer.unsigned(count);
  }
}

function readValues(reader: ByteReader): ValueCounts | undefined {
  const size = reader.count(MAX_VALUES + 1) - 1;
  if (size < 0) return undefined;
  const values = new Map<string, number>();
  for (let index = 0; index < size; index++) {
    const value = reader.sized().toString();
    values.set(value, reader.unsigned());
  }
  return values;
}
