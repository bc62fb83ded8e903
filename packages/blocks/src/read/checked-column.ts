import { LEVELS } from '@vigilant/core';
import type { Bounds } from '../bounds';
import type { ColumnName, ColumnOf, IntegerColumn } from '../block/columns';
import { DamagedBlockError } from '../bytes/damaged';
import type { IntegerName } from '../events/block-row';
import type { BlockHeader } from '../summary/block-summary';

/** Bounds of the integers of each column. */
const BOUNDS: { readonly [Name in IntegerName]: (header: BlockHeader) => Bounds } = {
  sequence: ({ firstSequence, lastSequence }) => ({ min: firstSequence, max: lastSequence }),
  timestamp: ({ timestamp }) => timestamp,
  receivedAt: ({ receivedAt }) => receivedAt,
  level: () => ({ min: 0, max: LEVELS.length - 1 }),
  severity: () => ({ min: -(2 ** 31), max: 2 ** 31 - 1 }),
};

/** Returns a column that checks the integers that are read. @throws {DamagedBlockError} when it does not fit the header. */
export function checkColumn<Name extends ColumnName>(
  name: Name,
  column: ColumnOf<Name>,
  header: BlockHeader,
): ColumnOf<Name> {
  if (column.length !== header.count) throw new DamagedBlockError('it has a different number of rows');
  const boundsOf = BOUNDS[name as IntegerName] as ((header: BlockHeader) => Bounds) | undefined;
  if (boundsOf === undefined) return column;
  return new BoundedIntegers(column as IntegerColumn, boundsOf(header)) as unknown as ColumnOf<Name>;
}

/** Integers that must lie within bounds. Reading one that does not throws `DamagedBlockError`. */
class BoundedIntegers implements IntegerColumn {
  readonly #integers: IntegerColumn;
  readonly #min: number;
  readonly #max: number;

  constructor(integers: IntegerColumn, { min, max }: Bounds) {
    this.#integers = integers;
    this.#min = min;
    this.#max = max;
  }

  get length(): number {
    return this.#integers.length;
  }

  get(row: number): number {
    return this.#checked(this.#integers.get(row));
  }

  slice(start: number, end: number): Float64Array {
    const values = this.#integers.slice(start, end);
    for (let index = 0; index < values.length; index++) this.#checked(values[index] as number);
    return values;
  }

  mark(passing: Uint8Array, rows: Uint8Array): number {
    return this.#integers.mark(passing, rows);
  }

  #checked(value: number): number {
    if (value >= this.#min && value <= this.#max) return value;
    throw new DamagedBlockError('an integer is out of bounds');
  }
}
