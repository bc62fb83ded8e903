import { VigilantError, sameContent } from '@vigilant/core';
import type { AppendResult, Event } from '@vigilant/core';
import type { RowText, SqlRow } from './row';
import { COLUMNS, WRITTEN_COLUMNS, readRow, toRowText } from './row';
import type { Session } from './session';
import type { Tables } from './tables';

/** Most rows in one statement. */
const MAX_ROWS = 1_000;

/** Most bytes in one statement, if the server allows as many. */
const MAX_STATEMENT_BYTES = 4 * 1024 * 1024;

/** Room in a packet for what stands around the rows. */
const STATEMENT_OVERHEAD = 4 * 1024;

/** Most ids looked up in one statement. */
const LOOK_UP = 200;

/** An event on its way into the table. */
interface Pending {
  readonly event: Event;
  readonly row: RowText;
  readonly index: number;
  readonly sequence: number;
}

/** Events that are written as SQL before other work of the process gets its turn. */
const EVENTS_PER_TURN = 250;

/** Writes events as SQL, before any connection is taken. */
export async function toRowTexts(batch: readonly Event[]): Promise<readonly RowText[]> {
  const rows: RowText[] = [];
  for (const event of batch) {
    if (rows.length > 0 && rows.length % EVENTS_PER_TURN === 0)
      await new Promise((resolve) => setImmediate(resolve));
    rows.push(toRowText(event));
  }
  return rows;
}

/** Appends events in one transaction. Safe to be done again. */
export function append(
  session: Session,
  tables: Tables,
  batch: readonly Event[],
  rows: readonly RowText[],
): Promise<AppendResult> {
  const most = Math.min(MAX_STATEMENT_BYTES, session.server.maxPacketBytes) - STATEMENT_OVERHEAD;
  checkSizes(rows, session.server.maxPacketBytes - STATEMENT_OVERHEAD);
  return session.transaction(async () => {
    // One writer at a time: sequences become visible in order, and writers never wait for each other in a circle.
    const [row] = await session.rows(`SELECT \`last_sequence\` FROM ${tables.store} FOR UPDATE`);
    const first = Number(row?.[0]);
    if (!Number.isSafeInteger(first) || first < 0) throw sequenceTaken(tables);
    const pending = batch.map((event, index): Pending => {
      return { event, row: rows[index] as RowText, index, sequence: first + 1 + index };
    });
    const outcome = { inserted: 0, duplicates: 0, conflicts: [] as number[], bytes: 0, last: first };
    for (const chunk of chunksOf(pending, most)) await appendChunk(session, tables, chunk, outcome);
    const { inserted, duplicates, conflicts, bytes, last } = outcome;
    if (inserted > 0)
      await session.run(
        `UPDATE ${tables.store} SET \`last_sequence\` = ?, \`events\` = \`events\` + ?, \`bytes\` = \`bytes\` + ?`,
        [last, inserted, bytes],
      );
    return { inserted, duplicates, conflicts };
  });
}

interface Outcome {
  inserted: number;
  duplicates: number;
  readonly conflicts: number[];
  bytes: number;
  /** The highest sequence in use. */
  last: number;
}

async function appendChunk(
  session: Session,
  tables: Tables,
  chunk: readonly Pending[],
  outcome: Outcome,
): Promise<void> {
  // In the order of their ids the locks of the index are taken in one order by everybody.
  const sorted = [...chunk].sort((a, b) => compare(a.row.idHex, b.row.idHex) || a.index - b.index);
  const values = sorted.map(({ sequence, row }) => `(${sequence}${row.sql}`).join(',');
  const changed = await session.run(
    `INSERT INTO ${tables.event} (${WRITTEN_COLUMNS}) VALUES ${values} ON DUPLICATE KEY UPDATE \`id\` = \`id\``,
  );
  const isNew =
    changed === chunk.length ? () => true : await compareWithStored(session, tables, chunk, outcome);
  for (const each of chunk) {
    if (!isNew(each)) continue;
    outcome.inserted += 1;
    outcome.bytes += each.row.bytes;
    outcome.last = each.sequence;
  }
}

/** Sorts out what was not inserted. */
async function compareWithStored(
  session: Session,
  tables: Tables,
  chunk: readonly Pending[],
  outcome: Outcome,
): Promise<(each: Pending) => boolean> {
  const inserted = await findInserted(session, tables, chunk);
  const known = chunk.filter((each) => !inserted.has(each));
  for (let start = 0; start < known.length; start += LOOK_UP) {
    const part = known.slice(start, start + LOOK_UP);
    const stored = await findById(session, tables, part);
    for (const each of part) {
      const row = stored.get(each.row.idHex);
      if (row === undefined) throw sequenceTaken(tables);
      if (sameContent(readRow(row), each.event)) outcome.duplicates += 1;
      else outcome.conflicts.push(each.index);
    }
  }
  return (each) => inserted.has(each);
}

/** The events whose row has the sequence that we gave it. */
async function findInserted(
  session: Session,
  tables: Tables,
  chunk: readonly Pending[],
): Promise<ReadonlySet<Pending>> {
  const rows = await session.rows(
    `SELECT \`sequence\`, \`id\` FROM ${tables.event}
    WHERE \`sequence\` BETWEEN ${chunk[0]?.sequence} AND ${chunk.at(-1)?.sequence}`,
  );
  const ids = new Map(rows.map(([sequence, id]) => [Number(sequence), (id as Buffer).toString('hex')]));
  return new Set(chunk.filter(({ sequence, row }) => ids.get(sequence) === row.idHex));
}

async function findById(
  session: Session,
  tables: Tables,
  events: readonly Pending[],
): Promise<ReadonlyMap<string, SqlRow>> {
  const ids = events.map(({ row }) => `X'${row.idHex}'`).join(',');
  const rows = await session.rows(`SELECT ${COLUMNS} FROM ${tables.event} WHERE \`id\` IN (${ids})`);
  return new Map(rows.map((row) => [(row[1] as Buffer).toString('hex'), row]));
}

/** Cuts events into runs that are small enough for one statement. */
function* chunksOf(pending: readonly Pending[], maxBytes: number): Generator<readonly Pending[]> {
  let chunk: Pending[] = [];
  let bytes = 0;
  for (const each of pending) {
    const size = sizeOf(each.row);
    if (chunk.length > 0 && (chunk.length >= MAX_ROWS || bytes + size > maxBytes)) {
      yield chunk;
      chunk = [];
      bytes = 0;
    }
    chunk.push(each);
    bytes += size;
  }
  if (chunk.length > 0) yield chunk;
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
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

function sequenceTaken(tables: Tables): VigilantError {
  return new VigilantError(
    'VIGILANT_STORE_UNAVAILABLE',
    `The table ${tables.event} does not go with last_sequence of ${tables.store}: it was changed by other hands. ` +
      'Set last_sequence to the highest sequence.',
  );
}
