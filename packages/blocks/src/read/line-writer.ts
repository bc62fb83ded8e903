import { LEVELS } from '@vigilant/core';
import type { ColumnName, ColumnOf } from '../block/columns';
import type { ByteWriter } from '../bytes/byte-writer';
import type { TextColumn } from '../column/text-column';
import { TimeWriter } from './time-writer';

const LINE_END = Buffer.from('}\n');

/** What precedes each value and follows the one before, in the order of the fields of `EventJson`. */
const BEFORE = {
  id: Buffer.from('{"id":"'),
  message: Buffer.from('","message":"'),
  level: LEVELS.map((level) => Buffer.from(`","level":"${level}","severity":`)),
  timestamp: Buffer.from(',"timestamp":"'),
  receivedAt: Buffer.from('","receivedAt":"'),
  origin: Buffer.from('","origin":"'),
  source: Buffer.from('","source":"'),
  type: Buffer.from('","type":"'),
  group: Buffer.from('","group":"'),
  tags: Buffer.from('","tags":'),
  data: Buffer.from(',"data":'),
  sequence: Buffer.from(',"sequence":'),
} as const;

type Columns = { readonly [Name in ColumnName]: ColumnOf<Name> };

/** Writes events of a block as lines: their `EventJson` and a line feed. No value becomes a JavaScript string. */
export class LineWriter {
  readonly #columns: Columns;
  readonly #timestamps = new TimeWriter();
  readonly #receipts = new TimeWriter();

  constructor(columns: Columns) {
    this.#columns = columns;
  }

  /** @throws {DamagedBlockError} when the bytes of a value are damaged. The line is then incomplete. */
  write(writer: ByteWriter, row: number): void {
    const columns = this.#columns;
    put(writer, BEFORE.id);
    putText(writer, columns.id, row);
    put(writer, BEFORE.message);
    putText(writer, columns.message, row);
    put(writer, BEFORE.level[columns.level.get(row)] as Buffer);
    writer.decimal(columns.severity.get(row));
    put(writer, BEFORE.timestamp);
    this.#timestamps.write(writer, columns.timestamp.get(row));
    put(writer, BEFORE.receivedAt);
    this.#receipts.write(writer, columns.receivedAt.get(row));
    put(writer, BEFORE.origin);
    putText(writer, columns.origin, row);
    put(writer, BEFORE.source);
    putText(writer, columns.source, row);
    put(writer, BEFORE.type);
    putText(writer, columns.type, row);
    put(writer, BEFORE.group);
    putText(writer, columns.group, row);
    put(writer, BEFORE.tags);
    columns.tags.write(writer, row);
    put(writer, BEFORE.data);
    columns.data.write(writer, row);
    put(writer, BEFORE.sequence);
    writer.decimal(columns.sequence.get(row));
    put(writer, LINE_END);
  }
}

function put(writer: ByteWriter, bytes: Buffer): void {
  writer.range(bytes, 0, bytes.length);
}

/** Writes a text as `JSON.stringify` does, without quotes. */
function putText(writer: ByteWriter, column: TextColumn, row: number): void {
  const start = writer.length;
  column.write(writer, row);
  if (!writer.needsEscape(start)) return;
  const json = JSON.stringify(writer.written().toString('utf8', start));
  writer.truncate(start);
  writer.bytes(Buffer.from(json.slice(1, -1)));
}
