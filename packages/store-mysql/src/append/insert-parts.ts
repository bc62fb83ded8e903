import { VigilantError } from '@vigilant/core';
import { STATE_COLUMNS } from '../pool/store-state';
import type { RowText } from '../sql/event-row';
import { WRITTEN_COLUMNS } from '../sql/event-row';
import type { Tables } from '../sql/tables';

/** Maximum rows in one statement. */
const MAX_ROWS = 1_000;

/** Maximum bytes of rows in one round trip, unless the server allows fewer. */
const MAX_PART_BYTES = 4 * 1024 * 1024;

/** Bytes of a packet that are reserved for the SQL around the rows. */
const PART_OVERHEAD = 8 * 1024;

/** Maximum bytes of the sequence of a row and the punctuation around it. */
const SEQUENCE_BYTES = 20;

/**
 * Returns the statements of an append, in parts that each fit a packet. The last statement selects the last sequence before the
 * append, the number of inserted events, and the state.
 *
 * @throws {VigilantError} `VIGILANT_EVENT_REJECTED` if an event does not fit a packet.
 */
export function insertParts(
  tables: Tables,
  rows: readonly RowText[],
  maxPacketBytes: number,
): Iterable<readonly string[]> {
  checkSizes(rows, maxPacketBytes - PART_OVERHEAD);
  return partsOf(tables, rows, Math.min(MAX_PART_BYTES, maxPacketBytes) - PART_OVERHEAD);
}

function checkSizes(rows: readonly RowText[], maxBytes: number): void {
  const tooLarge = rows.find((row) => sizeOf(row) > maxBytes);
  if (tooLarge === undefined) return;
  throw new VigilantError(
    'VIGILANT_EVENT_REJECTED',
    `An event needs ${sizeOf(tooLarge)} bytes of SQL, but max_allowed_packet of the server leaves ${maxBytes}. Raise max_allowed_packet.`,
  );
}

/**
 * Yields the parts.
 *
 * The first statement locks the only row of the store, so that sequences become visible in order. The server computes sequences
 * and counts itself, because computing them here would keep the row locked for another round trip.
 */
function* partsOf(tables: Tables, rows: readonly RowText[], maxBytes: number): Generator<readonly string[]> {
  const { event, store } = tables;
  let part = [
    // MAX() keeps this correct after rows were inserted manually.
    `UPDATE ${store} SET \`last_sequence\` =
      LAST_INSERT_ID(GREATEST(\`last_sequence\`, (SELECT COALESCE(MAX(\`sequence\`), 0) FROM ${event})))`,
    'SET @before = LAST_INSERT_ID(), @inserted = 0',
  ];
  let bytes = 0;
  for (const { sql, size } of statementsOf(tables, rows, maxBytes)) {
    if (bytes > 0 && bytes + size > maxBytes) {
      yield part;
      part = [];
      bytes = 0;
    }
    part.push(sql, 'SET @inserted = @inserted + ROW_COUNT()');
    bytes += size;
  }
  const total = rows.reduce((sum, row) => sum + row.bytes, 0);
  const added = `FROM ${event} WHERE \`sequence\` > @before`;
  yield [
    ...part,
    `UPDATE ${store} SET \`events\` = \`events\` + @inserted,
      \`bytes\` = \`bytes\` + IF(@inserted = ${rows.length}, ${total}, (SELECT COALESCE(SUM(\`bytes\`), 0) ${added})),
      \`last_sequence\` = IF(@inserted = ${rows.length}, @before + ${rows.length}, (SELECT COALESCE(MAX(\`sequence\`), @before) ${added}))`,
    `SELECT @before, @inserted, ${STATE_COLUMNS} FROM ${store}`,
  ];
}

/** Yields statements that insert consecutive rows, each with its size in bytes. */
function* statementsOf(
  { event }: Tables,
  rows: readonly RowText[],
  maxBytes: number,
): Generator<{ readonly sql: string; readonly size: number }> {
  for (let start = 0; start < rows.length;) {
    let end = start;
    let size = 0;
    for (; end < rows.length && end - start < MAX_ROWS; end += 1) {
      const next = sizeOf(rows[end] as RowText);
      if (end > start && size + next > maxBytes) break;
      size += next;
    }
    // Sorted by id, so that all writers lock the entries of the index in the same order.
    const values = rows
      .slice(start, end)
      .map(({ idHex, sql }, offset) => ({ idHex, sql: `(@before+${start + offset + 1}${sql}` }))
      .sort((a, b) => (a.idHex < b.idHex ? -1 : a.idHex > b.idHex ? 1 : 0))
      .map(({ sql }) => sql);
    const sql = `INSERT INTO ${event} (${WRITTEN_COLUMNS}) VALUES ${values.join(',')} ON DUPLICATE KEY UPDATE \`id\` = \`id\``;
    yield { sql, size };
    start = end;
  }
}

function sizeOf(row: RowText): number {
  return row.sqlBytes + SEQUENCE_BYTES;
}
