import type { JsonObject } from '@vigilant/core';
import { RowEvent } from '@vigilant/core/adapter';
import type { ColumnName } from '../block/columns';
import type { ByteWriter } from '../bytes/byte-writer';
import { parseData, parseTags } from '../template/json-values';
import type { Block } from './block';

/** The columns in the order of the values of a `RowEvent`. */
const ROW_EVENT_ORDER: readonly ColumnName[] = [
  'sequence',
  'id',
  'timestamp',
  'receivedAt',
  'level',
  'severity',
  'message',
  'origin',
  'source',
  'type',
  'group',
  'tags',
  'data',
];

/** The values of a row by their index in `ROW_EVENT_ORDER`. */
class LazyRow {
  readonly [column: number]: unknown;
  readonly block: Block;
  readonly row: number;

  constructor(block: Block, row: number) {
    this.block = block;
    this.row = row;
  }
}

ROW_EVENT_ORDER.forEach((name, index) =>
  Object.defineProperty(LazyRow.prototype, index, {
    get(this: LazyRow) {
      return this.block.value(name, this.row);
    },
  }),
);

/** An event of a block. Fields are decoded on access. */
export class BlockEvent extends RowEvent {
  readonly #block: Block;
  readonly #blockRow: number;
  #tags: readonly string[] | undefined;
  #data: JsonObject | undefined;

  constructor(block: Block, row: number) {
    super(new LazyRow(block, row), String);
    this.#block = block;
    this.#blockRow = row;
  }

  override get tags(): readonly string[] {
    return (this.#tags ??= this.#block.read('tags', (column) => parseTags(column.get(this.#blockRow))));
  }

  override get data(): JsonObject {
    return (this.#data ??= this.#block.read('data', (column) => parseData(column.get(this.#blockRow))));
  }

  /** Writes the event as a line, see `LineWriter`. */
  writeLine(writer: ByteWriter): void {
    this.#block.writeLine(writer, this.#blockRow);
  }
}
