import { VigilantError } from '@vigilant/core';
import { sameContent, yieldToEventLoop } from '@vigilant/core/adapter';
import type { AppendResult, Event } from '@vigilant/core';
import type { RowText, SqlRow } from '../sql/event-row';
import { COLUMNS, WRITTEN_COLUMNS, readRow, toRowText } from '../sql/event-row';
import type { Session } from '../connection/mysql-session';
import type { Tables } from '../sql/tables';

/** Maximum rows in one statement. */
const MAX_ROWS = 1_000;

/** Maximum bytes of rows in one round trip, unless the server allows fewer. */
const MAX_PART_BYTES = 4 * 1024 * 1024;

/** Bytes of a packet that are reserved for the SQL around the rows. */
const PART_OVERHEAD = 8 * 1024;

/** Maximum ids in one look-up statement. */
const LOOK_UP = 200;

/** Number of events that are converted to SQL in one turn of the event loop. */
const EVENTS_PER_TURN = 250;

/** Dependencies of `append`. */
export interface AppendSetting {
  readonly tables: Tables;
  /** Runs work that may be repeated on a session that writes. */
  readonly write: <T>(work: (session: Session) => Promise<T>) => Promise<T>;
}

/** The result of an append, and the state of the store after it. */
export interface Appended extends AppendResult {
  readonly epoch: string;
  readonly lastSequence: number;
}

/** Appends events in one transaction. A rejected append may be repeated. */
export async function append({ tables, write }: AppendSetting, batch: readonly Event[]): Promise<Appended> {
  const rows = await toRowTexts(batch);
  const { before, inserted, epoch, lastSequence } = await write((session) => insert(session, tables, rows));
  if (inserted === rows.length) return { inserted, duplicates: 0, conflicts: [], epoch, lastSequence };
  // After the commit, so that other servers do not wait for it.
  const conflicts = await write((session) => findConflicts(session, tables, { batch, rows, before }));
  const duplicates = rows.length - inserted - conflicts.length;
  return { inserted, duplicates, conflicts, epoch, lastSequence };
}

async function toRowTexts(batch: readonly Event[]): Promise<readonly RowText[]> {
  const rows: RowText[] = [];
  for (const event of batch) {
    if (rows.length > 0 && rows.length % EVENTS_PER_TURN === 0) await yieldToEventLoop();
    rows.push(toRowText(event));
  }
  return rows;
}

/** The outcome of a transaction. */
interface Inserted {
  /** The last sequence before the transaction. A new event at index n has the sequence `before + 1 + n`. */
  readonly before: number;
  readonly inserted: number;
  readonly epoch: string;
  readonly lastSequence: number;
}

async function insert(session: Session, tables: Tables, rows: readonly RowText[]): Promise<Inserted> {
  const { maxPacketBytes } = session.server;
  checkSizes(rows, maxPacketBytes - PART_OVERHEAD);
  const maxBytes = Math.min(MAX_PART_BYTES, maxPacketBytes) - PART_OVERHEAD;
  const answers = await session.transaction(partsOf(tables, rows, maxBytes));
  const [row = []] = answers.at(-1) as readonly SqlRow[];
  const [before, inserted, epoch, lastSequence] = row;
  return {
    before: Number(before),
    inserted: Number(inserted),
    epoch: String(epoch),
    lastSequence: Number(lastSequence),
  };
}

/**
 * Yields the statements of an append, in parts that each fit a packet.
 *
 * The first statement locks the only row of the store, so that sequences become visible in order. The server computes sequences
 * and counts itself, because computing them here would keep the row locked for another round trip.
 */
function* partsOf(tables: Tables, rows: readonly RowText[], maxBytes: number): Generator<readonly string[]> {
  const { event, store } = tables;
  let part = [
    // Also correct after rows were inserted manually.
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
    `SELECT @before, @inserted, \`epoch\`, \`last_sequence\` FROM ${store}`,
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

interface Comparison {
  readonly batch: readonly Event[];
  readonly rows: readonly RowText[];
  readonly before: number;
}

/** Returns the indexes of the events whose id is stored with other content. */
async function findConflicts(
  session: Session,
  tables: Tables,
  { batch, rows, before }: Comparison,
): Promise<readonly number[]> {
  const added = await session.rows(
    `SELECT \`sequence\`, \`id\` FROM ${tables.event} WHERE \`sequence\` BETWEEN ${before + 1} AND ${before + rows.length}`,
  );
  const ids = new Map(added.map(([sequence, id]) => [Number(sequence), (id as Buffer).toString('hex')]));
  const known = rows
    .map(({ idHex }, index) => ({ idHex, index }))
    .filter(({ idHex, index }) => ids.get(before + 1 + index) !== idHex);
  const conflicts: number[] = [];
  for (let start = 0; start < known.length; start += LOOK_UP) {
    const part = known.slice(start, start + LOOK_UP);
    const stored = await findById(session, tables, part);
    for (const { idHex, index } of part) {
      const row = stored.get(idHex);
      if (row === undefined) throw pruned(tables);
      if (!sameContent(readRow(row), batch[index] as Event)) conflicts.push(index);
    }
  }
  return conflicts;
}

async function findById(
  session: Session,
  tables: Tables,
  events: readonly { readonly idHex: string }[],
): Promise<ReadonlyMap<string, SqlRow>> {
  const ids = events.map(({ idHex }) => `X'${idHex}'`).join(',');
  const rows = await session.rows(`SELECT ${COLUMNS} FROM ${tables.event} WHERE \`id\` IN (${ids})`);
  return new Map(rows.map((row) => [(row[1] as Buffer).toString('hex'), row]));
}

/** With room for the sequence. */
function sizeOf(row: RowText): number {
  return row.sqlBytes + 20;
}

function checkSizes(rows: readonly RowText[], maxBytes: number): void {
  const tooLarge = rows.find((row) => sizeOf(row) > maxBytes);
  if (tooLarge === undefined) return;
  throw new VigilantError(
    'VIGILANT_EVENT_REJECTED',
    `An event takes ${sizeOf(tooLarge)} bytes as SQL, more than the ${maxBytes} that max_allowed_packet of the server leaves.`,
  );
}

/** Creates the error of a duplicate that was pruned before it was compared. The next append stores the event. */
function pruned(tables: Tables): VigilantError {
  return new VigilantError(
    'VIGILANT_STORE_UNAVAILABLE',
    `An event was deleted from ${tables.event} while its duplicate was compared with it. Append the batch again.`,
  );
}
