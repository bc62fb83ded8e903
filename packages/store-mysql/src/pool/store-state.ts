import type { MysqlSession } from '../connection/mysql-session';
import type { SqlRow } from '../sql/sql-text';
import type { Tables } from '../sql/tables';

/** The state of a store at one moment. */
export interface StoreState {
  readonly epoch: string;
  readonly lastSequence: number;
  /** Ascends with each revision that a document receives, and with each transaction that changes documents. */
  readonly lastRevision: number;
}

/** The columns of the state in the order of `toState`. */
export const STATE_COLUMNS = '`epoch`, `last_sequence`, `last_revision`';

/** Converts a row that starts with `STATE_COLUMNS`. */
export function toState([epoch, lastSequence, lastRevision]: SqlRow): StoreState {
  return {
    epoch: String(epoch),
    lastSequence: Number(lastSequence),
    lastRevision: Number(lastRevision),
  };
}

/** Reads the state of the store on the server of a session. */
export async function readState(session: MysqlSession, { store }: Tables): Promise<StoreState> {
  const [row = []] = await session.rows(`SELECT ${STATE_COLUMNS} FROM ${store}`);
  return toState(row);
}
