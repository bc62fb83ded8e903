import type { BlockHeader } from '../summary/block-summary';
import type { BlockRow } from '../events/block-row';
import type { EventColumns } from '../events/event-columns';
import { createColumns } from '../events/event-columns';
import type { Column, ColumnName, ColumnOf, IntegerColumn } from '../block/columns';
import { COLUMN_NAMES, decodeColumn } from '../block/columns';
import type { PartName } from '../block/encode-parts';
import type { ByteTexts } from '../bytes/byte-texts';
import { textAt } from '../bytes/byte-texts';
import { ByteWriter } from '../bytes/byte-writer';
import { DamagedBlockError } from '../bytes/damaged';
import type { TextColumn } from '../column/text-column';
import { BlockEvent } from './block-event';
import { BlockSets } from './block-sets';
import { checkColumn } from './checked-column';
import { LineWriter } from './line-writer';
import { allRows, sortByTime } from './row-order';
import { substituteColumn } from './substitute';

/** Source of the parts of a block. */
export interface BlockParts {
  /** Returns the bytes of a part, or `undefined` if it is missing. */
  read(name: PartName): Uint8Array | undefined;
  /** Called once for each part that is damaged or missing. The block continues without it. */
  onDamage(name: PartName, reason: string): void;
  /** Called when the block needs more memory, in bytes. */
  onGrow(bytes: number): void;
}

/** Memory of the structures that a part is read with, as a share of its bytes. */
const OVERHEAD = 0.25;
/** Memory of a block of which nothing was read, in bytes. */
const EMPTY_BYTES = 2 * 1024;

/** The fields that are the content of an event, in the order of the cost of reading them. */
const NUMBERS = ['severity', 'level'] as const;
const TEXTS = ['type', 'group', 'origin', 'source', 'tags', 'message', 'data'] as const;

/** The rows of a block. Each part is read when it is first needed. */
export class Block {
  readonly header: BlockHeader;
  readonly sets: BlockSets;
  readonly #parts: BlockParts;
  readonly #columns = new Map<ColumnName, unknown>();
  #isDamaged = false;
  #byTime: Uint32Array | undefined;
  #lines: LineWriter | undefined;
  #memory = EMPTY_BYTES;

  constructor(header: BlockHeader, parts: BlockParts) {
    this.header = header;
    this.#parts = parts;
    this.sets = new BlockSets(header.count, (name, decode) => {
      const before = this.#memory;
      const value = this.#decode(name, decode);
      return { value, memory: this.#memory - before };
    });
  }

  /** Estimated memory that the block takes, in bytes. It grows with what is read. */
  get memory(): number {
    return this.#memory;
  }

  /** Forgets everything that was read except the sets, which searches need again. */
  forgetColumns(): void {
    this.#columns.clear();
    this.#byTime = undefined;
    this.#lines = undefined;
    this.#grow(EMPTY_BYTES + this.sets.memory - this.#memory);
  }

  /** Forgets everything that was read except the set of the trigrams of all messages, which is small. */
  forgetSets(): void {
    this.sets.forgetLarge();
    this.forgetColumns();
  }

  /** Returns an event that decodes its fields when they are read. */
  event(row: number): BlockEvent {
    return new BlockEvent(this, row);
  }

  /** Writes an event as a line, see `LineWriter`. */
  writeLine(writer: ByteWriter, row: number): void {
    const start = writer.length;
    try {
      this.#lineWriter().write(writer, row);
    } catch (error) {
      if (!(error instanceof DamagedBlockError)) throw error;
      writer.truncate(start);
      // Replaces the columns that are found damaged only now.
      for (const name of COLUMN_NAMES) this.value(name, row);
      this.#lineWriter().write(writer, row);
    }
  }

  /**
   * Returns whether a row has the same content as an event, byte for byte: all fields except the id, the times and the
   * sequence. Does not keep what it decodes.
   */
  hasContent(row: number, { fields }: EventColumns, index: number): boolean {
    return (
      NUMBERS.every((name) => this.value(name, row) === fields[name][index]) &&
      TEXTS.every((name) => {
        const stored = this.read(name, (column: TextColumn) => column.peek(row));
        return stored === textAt(fields[name], index);
      })
    );
  }

  /** Whether a part that was read is damaged. */
  get isDamaged(): boolean {
    return this.#isDamaged;
  }

  /** Returns the columns of all events. Reads every column, and keeps no strings. */
  columns(): EventColumns {
    const { count } = this.header;
    return createColumns(
      (name) => this.read(name, (column: IntegerColumn) => column.slice(0, count)),
      (name) => this.read(name, (column: TextColumn) => writeTextsOf(column)),
    );
  }

  /** Returns the row numbers in the order of their timestamps, then of their sequences. */
  byTime(): Uint32Array {
    if (this.#byTime !== undefined) return this.#byTime;
    this.#byTime = this.read('timestamp', (timestamps) => sortByTime(allRows(this.header.count), timestamps));
    this.#grow(this.#byTime.byteLength);
    return this.#byTime;
  }

  /** Returns the rows with some ids. */
  findIds(ids: ReadonlySet<string>): Map<string, number> {
    return this.read('id', (column: TextColumn) => {
      const found = new Map<string, number>();
      for (const row of column.candidates?.(ids) ?? allRows(this.header.count)) {
        const id = column.peek(row);
        if (ids.has(id)) found.set(id, row);
      }
      return found;
    });
  }

  #lineWriter(): LineWriter {
    return (this.#lines ??= new LineWriter({
      sequence: this.#column('sequence'),
      id: this.#column('id'),
      timestamp: this.#column('timestamp'),
      receivedAt: this.#column('receivedAt'),
      level: this.#column('level'),
      severity: this.#column('severity'),
      message: this.#column('message'),
      origin: this.#column('origin'),
      source: this.#column('source'),
      type: this.#column('type'),
      group: this.#column('group'),
      tags: this.#column('tags'),
      data: this.#column('data'),
    }));
  }

  /** Reads a value. */
  value<Name extends ColumnName>(name: Name, row: number): BlockRow[Name] {
    try {
      return (this.#column(name) as Column<unknown>).get(row) as BlockRow[Name];
    } catch (error) {
      return this.#replaceDamaged(name, error).get(row) as BlockRow[Name];
    }
  }

  /**
   * Reads from a column. If it is damaged, which may be found only while it is read, `substituteColumn` replaces it, and the
   * work begins again. So the work must not have other effects before it returns.
   */
  read<Name extends ColumnName, T>(name: Name, work: (column: ColumnOf<Name>) => T): T {
    try {
      return work(this.#column(name));
    } catch (error) {
      return work(this.#replaceDamaged(name, error));
    }
  }

  #column<Name extends ColumnName>(name: Name): ColumnOf<Name> {
    const known = this.#columns.get(name) as ColumnOf<Name> | undefined;
    if (known !== undefined) return known;
    const { header } = this;
    const column =
      this.#decode(name, (bytes) =>
        checkColumn(
          name,
          decodeColumn(name, bytes, (added) => this.#grow(added)),
          header,
        ),
      ) ?? substituteColumn(name, header);
    this.#columns.set(name, column);
    return column;
  }

  /** Replaces a column that was found damaged. Throws any other error. */
  #replaceDamaged<Name extends ColumnName>(name: Name, error: unknown): ColumnOf<Name> {
    if (!(error instanceof DamagedBlockError)) throw error;
    this.#report(name, error);
    const substitute = substituteColumn(name, this.header);
    this.#columns.set(name, substitute);
    this.#lines = undefined;
    return substitute;
  }

  #decode<T>(name: PartName, decode: (bytes: Uint8Array) => T): T | undefined {
    try {
      const bytes = this.#parts.read(name);
      if (bytes === undefined) throw new DamagedBlockError('it is missing');
      this.#grow(bytes.byteLength * (1 + OVERHEAD));
      return decode(bytes);
    } catch (error) {
      if (!(error instanceof DamagedBlockError)) throw error;
      this.#report(name, error);
      return undefined;
    }
  }

  #grow(bytes: number): void {
    this.#memory += bytes;
    this.#parts.onGrow(bytes);
  }

  #report(name: PartName, { reason }: DamagedBlockError): void {
    this.#isDamaged = true;
    this.#parts.onDamage(name, reason);
  }
}

/** Returns the texts of a column without creating strings. */
function writeTextsOf(column: TextColumn): ByteTexts {
  const starts = new Int32Array(column.length);
  const ends = new Int32Array(column.length);
  const writer = new ByteWriter();
  for (let row = 0; row < column.length; row++) {
    starts[row] = writer.length;
    column.write(writer, row);
    ends[row] = writer.length;
  }
  return { bytes: writer.written(), starts, ends };
}
