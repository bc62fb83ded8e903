import type { ByteWriter } from '../bytes/byte-writer';
import type { BlockHeader } from '../summary/block-summary';
import type { ColumnName, ColumnOf } from '../block/columns';
import { markByPiece } from '../column/integer-values';

/** Message of events whose messages cannot be read. */
const DAMAGED_MESSAGE = '(damaged)';

/** Returns the value of a row in place of one that cannot be read. */
const SUBSTITUTES: { readonly [Name in ColumnName]: (header: BlockHeader, row: number) => number | string } =
  {
    sequence: ({ firstSequence }, row) => firstSequence + row,
    timestamp: ({ timestamp }) => timestamp.min,
    receivedAt: ({ receivedAt }) => receivedAt.min,
    level: ({ levels }) => levels.findIndex((count) => count > 0),
    severity: () => 0,
    id: ({ firstSequence }, row) => `damaged-${firstSequence + row}`,
    message: () => DAMAGED_MESSAGE,
    origin: () => '',
    source: () => '',
    type: () => '',
    group: () => '',
    tags: () => '[]',
    data: () => '{}',
  };

/** Returns a column in place of one that cannot be read, so that the other columns of its rows stay usable. */
export function substituteColumn<Name extends ColumnName>(name: Name, header: BlockHeader): ColumnOf<Name> {
  const substitute = SUBSTITUTES[name];
  const values = Array.from({ length: header.count }, (_, row) => substitute(header, row));
  const get = (row: number): number | string | undefined => values[row];
  const slice = (start: number, end: number): Float64Array =>
    Float64Array.from(values.slice(start, end) as number[]);
  const column = {
    length: values.length,
    get,
    peek: get,
    write: (writer: ByteWriter, row: number) => writer.bytes(Buffer.from(String(values[row]))),
    slice,
    mark: (passing: Uint8Array, rows: Uint8Array) =>
      markByPiece({ length: values.length, slice }, passing, rows),
  };
  return column as unknown as ColumnOf<Name>;
}
