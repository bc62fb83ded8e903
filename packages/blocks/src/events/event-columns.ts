import type { ByteTexts } from '../bytes/byte-texts';
import { byteTextsOf, selectTexts, sliceTexts } from '../bytes/byte-texts';
import type { DistinctTexts } from '../column/distinct-texts';
import { distinctTexts } from '../column/distinct-texts';
import type { IdValues } from '../ids/id-values';
import { idValuesOf } from '../ids/id-values';
import type { BlockRow, IntegerName, TextName } from './block-row';

/** The fields of events by column. */
export type FieldColumns = {
  readonly [Name in keyof BlockRow]: BlockRow[Name] extends number ? Float64Array : ByteTexts;
};

/** The fields whose different texts are needed. */
type CountedName = 'origin' | 'source' | 'type' | 'group' | 'tags';

/** Events before they are encoded. Values that several parts need are computed once. */
export class EventColumns {
  readonly fields: FieldColumns;
  readonly #distinct = new Map<CountedName, DistinctTexts>();
  #idValues: IdValues | undefined;

  constructor(fields: FieldColumns, idValues?: IdValues) {
    this.fields = fields;
    this.#idValues = idValues;
  }

  get count(): number {
    return this.fields.sequence.length;
  }

  /** The times and the numbers that the ids contain. */
  get idValues(): IdValues {
    return (this.#idValues ??= idValuesOf(this.fields.id));
  }

  /** Returns some of the events. @param rows - Their indexes in ascending order. */
  select(rows: Int32Array): EventColumns {
    const { fields } = this;
    if (rows.length === this.count) return this;
    return createColumns(
      (name) => selectNumbers(fields[name], rows),
      (name) => selectTexts(fields[name], rows),
      this.#mapIdValues((values) => selectNumbers(values, rows)),
    );
  }

  /** Returns the events from `start` up to, not including, `end`. */
  slice(start: number, end: number): EventColumns {
    const { fields } = this;
    if (start === 0 && end === this.count) return this;
    return createColumns(
      (name) => fields[name].subarray(start, end),
      (name) => sliceTexts(fields[name], start, end),
      this.#mapIdValues((values) => values.subarray(start, end)),
    );
  }

  #mapIdValues(change: (values: Float64Array) => Float64Array): IdValues | undefined {
    const known = this.#idValues;
    return known && { times: change(known.times), numbers: change(known.numbers) };
  }

  /** Returns the different texts of a field. */
  distinct(name: CountedName): DistinctTexts {
    const known = this.#distinct.get(name) ?? (distinctTexts(this.fields[name], this.count) as DistinctTexts);
    this.#distinct.set(name, known);
    return known;
  }
}

/** Returns the columns of some rows. */
export function columnsOf(rows: readonly BlockRow[]): EventColumns {
  return createColumns(
    (name) => Float64Array.from(rows, (row) => row[name]),
    (name) => byteTextsOf(rows.map((row) => row[name])),
  );
}

function selectNumbers(values: Float64Array, rows: Int32Array): Float64Array {
  const selected = new Float64Array(rows.length);
  for (let index = 0; index < selected.length; index++)
    selected[index] = values[rows[index] as number] as number;
  return selected;
}

/** Creates columns from functions that return each of them. */
export function createColumns(
  numbers: (name: IntegerName) => Float64Array,
  texts: (name: TextName) => ByteTexts,
  idValues?: IdValues,
): EventColumns {
  const fields: FieldColumns = {
    sequence: numbers('sequence'),
    timestamp: numbers('timestamp'),
    receivedAt: numbers('receivedAt'),
    level: numbers('level'),
    severity: numbers('severity'),
    id: texts('id'),
    message: texts('message'),
    origin: texts('origin'),
    source: texts('source'),
    type: texts('type'),
    group: texts('group'),
    tags: texts('tags'),
    data: texts('data'),
  };
  return new EventColumns(fields, idValues);
}
