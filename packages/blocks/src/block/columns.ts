import type { ByteReader, OnDecoded } from '../bytes/byte-reader';
import type { ByteWriter } from '../bytes/byte-writer';
import { readIntegers, writeIntegers } from '../column/integers';
import type { TextColumn } from '../column/text-column';
import { createTextColumn } from '../column/text-column';
import { readTexts, writeTexts } from '../column/texts';
import type { Splitter } from '../template/split';
import { SplitColumn } from '../template/split-column';
import { splitJson } from '../template/split-json';
import { splitMessage } from '../template/split-message';
import { readSplitTexts, writeSplitTexts } from '../template/split-texts';
import type { BlockRow, IntegerName } from '../events/block-row';
import type { EventColumns } from '../events/event-columns';
import { seal, unseal } from './envelope';

/** The columns of a block: the fields of `BlockRow`. */
export type ColumnName = keyof BlockRow;

/** The values of one column in the order of the rows. */
export interface Column<T> {
  readonly length: number;
  get(row: number): T;
}

/** A column of integers, each decoded when it is read. */
export interface IntegerColumn extends Column<number> {
  /** Returns the values from `start` up to, not including, `end`. The caller may change the array. */
  slice(start: number, end: number): Float64Array;
  /** See `Integers.mark`. */
  mark(passing: Uint8Array, rows: Uint8Array): number;
}

/** The decoded form of a column. */
export type ColumnOf<Name extends ColumnName> = BlockRow[Name] extends number ? IntegerColumn : TextColumn;

interface ColumnCodec<Name extends ColumnName, C> {
  readonly write: (writer: ByteWriter, columns: EventColumns, name: Name) => void;
  readonly read: (reader: ByteReader) => C;
}

const integers: ColumnCodec<IntegerName, IntegerColumn> = {
  write: (writer, { fields }, name) => writeIntegers(writer, fields[name]),
  read: (reader) => readIntegers(reader),
};

const readTextColumn = (reader: ByteReader): TextColumn =>
  createTextColumn(readTexts(reader), reader.onDecoded);

const texts: ColumnCodec<'id', TextColumn> = {
  write: (writer, { fields }, name) => writeTexts(writer, fields[name]),
  read: readTextColumn,
};

const countedTexts: ColumnCodec<'origin' | 'source' | 'type' | 'group', TextColumn> = {
  write: (writer, columns, name) => writeTexts(writer, columns.fields[name], columns.distinct(name)),
  read: readTextColumn,
};

const splitTexts = (splitter: Splitter): ColumnCodec<'message' | 'tags' | 'data', TextColumn> => ({
  write: (writer, { fields }, name) => writeSplitTexts(writer, new SplitColumn(fields[name], splitter)),
  read: (reader) => createTextColumn(readSplitTexts(reader), reader.onDecoded),
});

const CODECS: { readonly [Name in ColumnName]: ColumnCodec<Name, ColumnOf<Name>> } = {
  sequence: integers,
  timestamp: integers,
  receivedAt: integers,
  level: integers,
  severity: integers,
  id: texts,
  message: splitTexts(splitMessage),
  origin: countedTexts,
  source: countedTexts,
  type: countedTexts,
  group: countedTexts,
  tags: splitTexts(splitJson),
  data: splitTexts(splitJson),
};

/** The names of all columns. */
export const COLUMN_NAMES = Object.keys(CODECS) as readonly ColumnName[];

/** Encodes one column of some events. */
export function encodeColumn<Name extends ColumnName>(name: Name, columns: EventColumns): Uint8Array {
  return seal((writer) => CODECS[name].write(writer, columns, name));
}

/**
 * Decodes one column.
 *
 * @param onDecoded - Also called later, when values are read.
 * @throws {DamagedBlockError} when the bytes are damaged or of a later version.
 */
export function decodeColumn<Name extends ColumnName>(
  name: Name,
  bytes: Uint8Array,
  onDecoded?: OnDecoded,
): ColumnOf<Name> {
  return CODECS[name].read(unseal(bytes, onDecoded));
}
