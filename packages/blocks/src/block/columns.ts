import { crc32 } from 'node:zlib';
import { ByteReader } from '../bytes/byte-reader';
import { ByteWriter } from '../bytes/byte-writer';
import { DamagedBlockError } from '../bytes/damaged';
import { readIntegers, writeIntegers } from '../column/integers';
import type { TextColumn } from '../column/text-column';
import { readTexts, writeTexts } from '../column/texts';
import { splitJson } from '../template/split-json';
import { splitMessage } from '../template/split-message';
import type { BlockRow } from './block-row';
import { readSplitTexts, writeSplitTexts } from './text-encodings';

// Layout of each column of a block: version of the codec, its encoding, CRC-32 of both (4 bytes, big-endian).

/** Version of the layout. A change of any encoding increments it. */
const CODEC_VERSION = 1;
const CHECKSUM_BYTES = 4;

/** The columns of a block: the fields of `BlockRow`. */
export type ColumnName = keyof BlockRow;

/** The values of one column in the order of the rows. */
export interface Column<T> {
  readonly length: number;
  get(row: number): T;
}

/** A column of integers, which are decoded at once. */
export interface IntegerColumn extends Column<number> {
  readonly values: Float64Array;
}

/** The decoded form of a column. */
export type ColumnOf<Name extends ColumnName> = BlockRow[Name] extends number ? IntegerColumn : TextColumn;

type ColumnCodec<T, C> = {
  readonly write: (writer: ByteWriter, values: readonly T[]) => void;
  readonly read: (reader: ByteReader) => C;
};

const integers: ColumnCodec<number, IntegerColumn> = {
  write: writeIntegers,
  read(reader) {
    const values = readIntegers(reader);
    return { length: values.length, values, get: (row) => values[row] as number };
  },
};

const texts: ColumnCodec<string, TextColumn> = { write: writeTexts, read: readTexts };

const messages: ColumnCodec<string, TextColumn> = {
  write: (writer, values) => writeSplitTexts(writer, values, splitMessage),
  read: readSplitTexts,
};

const json: ColumnCodec<string, TextColumn> = {
  write: (writer, values) => writeSplitTexts(writer, values, splitJson),
  read: readSplitTexts,
};

const CODECS: { readonly [Name in ColumnName]: ColumnCodec<BlockRow[Name], ColumnOf<Name>> } = {
  sequence: integers,
  timestamp: integers,
  receivedAt: integers,
  level: integers,
  severity: integers,
  id: texts,
  message: messages,
  origin: texts,
  source: texts,
  type: texts,
  group: texts,
  tags: json,
  data: json,
};

/** The names of all columns. */
export const COLUMN_NAMES = Object.keys(CODECS) as readonly ColumnName[];

/** Encodes one column of some rows. */
export function encodeColumn<Name extends ColumnName>(name: Name, rows: readonly BlockRow[]): Uint8Array {
  const writer = new ByteWriter();
  writer.byte(CODEC_VERSION);
  CODECS[name].write(
    writer,
    rows.map((row) => row[name]),
  );
  const checksum = Buffer.alloc(CHECKSUM_BYTES);
  checksum.writeUInt32BE(crc32(writer.written()));
  writer.bytes(checksum);
  return writer.finish();
}

/** Decodes one column. @throws {DamagedBlockError} when the bytes are damaged or of a later version. */
export function decodeColumn<Name extends ColumnName>(name: Name, bytes: Uint8Array): ColumnOf<Name> {
  const end = bytes.byteLength - CHECKSUM_BYTES;
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const content = buffer.subarray(0, end);
  if (end < 1 || buffer.readUInt32BE(end) !== crc32(content))
    throw new DamagedBlockError('its checksum is wrong');
  const reader = new ByteReader(content);
  const version = reader.byte();
  if (version !== CODEC_VERSION) throw new DamagedBlockError(`its version ${version} is not known`);
  return CODECS[name].read(reader);
}
