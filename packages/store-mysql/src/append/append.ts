import { yieldToEventLoop } from '@vigilant/core/adapter';
import type { AppendResult, Event } from '@vigilant/core';
import type { MysqlSession, UseSession } from '../connection/mysql-session';
import type { StoreState } from '../pool/store-state';
import { toState } from '../pool/store-state';
import type { RowText } from '../sql/event-row';
import { toRowText } from '../sql/event-row';
import type { SqlRow } from '../sql/sql-text';
import type { Tables } from '../sql/tables';
import { findConflicts } from './find-conflicts';
import { insertParts } from './insert-parts';

/** Number of events that are converted to SQL in one turn of the event loop. */
const EVENTS_PER_TURN = 250;

/** Dependencies of `append`. */
export interface AppendParts {
  readonly tables: Tables;
  readonly write: UseSession;
  /** Called with the state of the store after each transaction. */
  readonly onWrite: (state: StoreState) => void;
}

/** Appends events in one transaction. A rejected append may be repeated. */
export async function append(parts: AppendParts, batch: readonly Event[]): Promise<AppendResult> {
  const { tables, write, onWrite } = parts;
  const rows = await toRowTexts(batch);
  const { before, inserted } = await write(async (session) => {
    const result = await insert(session, tables, rows);
    onWrite(result.state);
    return result;
  });
  if (inserted === rows.length) return { inserted, duplicates: 0, conflicts: [] };
  // After the commit, so that other servers do not wait for it.
  const conflicts = await write((session) => findConflicts(session, tables, { batch, rows, before }));
  return { inserted, duplicates: rows.length - inserted - conflicts.length, conflicts };
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
  readonly state: StoreState;
}

async function insert(session: MysqlSession, tables: Tables, rows: readonly RowText[]): Promise<Inserted> {
  const answers = await session.transaction(insertParts(tables, rows, session.server.maxPacketBytes));
  const [row = []] = answers.at(-1) as readonly SqlRow[];
  const [before, inserted, ...state] = row;
  return { before: Number(before), inserted: Number(inserted), state: toState(state) };
}
