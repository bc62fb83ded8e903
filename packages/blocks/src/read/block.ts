import { RowEvent } from '@vigilant/core/adapter';
import type { BlockHeader } from '../summary/block-summary';
import type { BlockRow } from '../events/block-row';
import type { ColumnName, ColumnOf } from '../block/columns';
import { decodeColumn } from '../block/columns';
import type { PartName } from '../block/encode-parts';
import { DamagedBlockError } from '../bytes/damaged';
import type { TokenSet } from '../search/token-set';
import { decodeTokenSets } from '../search/token-sets';
import { allRows, sortByTime } from './row-order';
import { substituteColumn } from './substitute';

/** Where a block reads its parts. */
export interface BlockParts {
  /** Returns the bytes of a part, or `undefined` if it is missing. */
  read(name: PartName): Uint8Array | undefined;
  /** Called once for each part that is damaged or missing. The block continues without it. */
  onDamage(name: PartName, reason: string): void;
}

/** Bytes that a block needs in memory besides its parts, per row. */
const BYTES_PER_ROW = 64;

/** Factor by which a part is larger in memory than on disk, roughly. */
const GROWTH = 4;

/** The rows of a block. Each part is read when it is first needed. */
export class Block {
  readonly header: BlockHeader;
  readonly #parts: BlockParts;
  readonly #columns = new Map<ColumnName, unknown>();
  #tokens: readonly TokenSet[] | undefined;
  #hasTokens = false;
  #isDamaged = false;
  #byTime: Uint32Array | undefined;
  #readBytes = 0;

  constructor(header: BlockHeader, parts: BlockParts) {
    this.header = header;
    this.#parts = parts;
  }

  /** Estimated memory that the block takes, in bytes. It grows with each part that is read. */
  get memory(): number {
    let decodedBytes = 0;
    for (const column of this.#columns.values())
      decodedBytes += (column as ColumnOf<'message'>).decodedBytes ?? 0;
    // Texts that were decoded are kept as bytes as well.
    return this.header.count * BYTES_PER_ROW + this.#readBytes * GROWTH + decodedBytes * 2;
  }

  /** Returns a column. A damaged one is replaced by `substituteColumn`. */
  column<Name extends ColumnName>(name: Name): ColumnOf<Name> {
    const known = this.#columns.get(name) as ColumnOf<Name> | undefined;
    if (known !== undefined) return known;
    const column =
      this.#decode(name, (bytes) => this.#checked(decodeColumn(name, bytes))) ??
      substituteColumn(name, this.header);
    this.#columns.set(name, column);
    return column;
  }

  /** Returns the token set of each group of rows, or `undefined` if they are damaged or of another version. */
  tokens(): readonly TokenSet[] | undefined {
    if (!this.#hasTokens) this.#tokens = this.#decode('tokens', decodeTokenSets);
    this.#hasTokens = true;
    return this.#tokens;
  }

  /** Returns an event that decodes its fields when they are read. */
  event(row: number): RowEvent {
    return new RowEvent(new LazyRow(this, row), String);
  }

  /** Whether a part that was read is damaged. */
  get isDamaged(): boolean {
    return this.#isDamaged;
  }

  /** Returns all rows. Reads every column. */
  *rows(): Generator<BlockRow> {
    for (let row = 0; row < this.header.count; row++) {
      const get = <Name extends ColumnName>(name: Name): BlockRow[Name] => this.value(name, row);
      yield {
        sequence: get('sequence'),
        id: get('id'),
        timestamp: get('timestamp'),
        receivedAt: get('receivedAt'),
        level: get('level'),
        severity: get('severity'),
        message: get('message'),
        origin: get('origin'),
        source: get('source'),
        type: get('type'),
        group: get('group'),
        tags: get('tags'),
        data: get('data'),
      };
    }
  }

  /** Returns the row numbers in the order of their timestamps, then of their sequences. */
  byTime(): Uint32Array {
    return (this.#byTime ??= sortByTime(allRows(this.header.count), this.column('timestamp').values));
  }

  /** Reads a value. Bytes that are found damaged only now replace the whole column. */
  value<Name extends ColumnName>(name: Name, row: number): BlockRow[Name] {
    const read = (): BlockRow[Name] => this.column(name).get(row) as BlockRow[Name];
    try {
      return read();
    } catch (error) {
      if (!(error instanceof DamagedBlockError)) throw error;
      this.#report(name, error);
      this.#columns.set(name, substituteColumn(name, this.header));
      return read();
    }
  }

  #decode<T>(name: PartName, decode: (bytes: Uint8Array) => T): T | undefined {
    try {
      const bytes = this.#parts.read(name);
      if (bytes === undefined) throw new DamagedBlockError('it is missing');
      this.#readBytes += bytes.byteLength;
      return decode(bytes);
    } catch (error) {
      if (!(error instanceof DamagedBlockError)) throw error;
      this.#report(name, error);
      return undefined;
    }
  }

  #report(name: PartName, { reason }: DamagedBlockError): void {
    this.#isDamaged = true;
    this.#parts.onDamage(name, reason);
  }

  #checked<T extends { readonly length: number }>(column: T): T {
    if (column.length === this.header.count) return column;
    throw new DamagedBlockError('it has another number of rows');
  }
}

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
