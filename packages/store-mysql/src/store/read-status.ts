import type { StoreStatus } from '@vigilant/core';
import type { MysqlSession } from '../connection/mysql-session';
import type { StoreState } from '../pool/store-state';
import { STATE_COLUMNS, toState } from '../pool/store-state';
import type { Tables } from '../sql/tables';

/** Status of a store without its health, and its state. */
export interface StatusAndState extends StoreState {
  readonly status: Omit<StoreStatus, 'state'>;
}

/** Reads the status of a store. */
export async function readStatus(session: MysqlSession, { store, prefix }: Tables): Promise<StatusAndState> {
  const [row = []] = await session.rows(
    `SELECT \`events\`, \`bytes\`, \`pruned_through\`, ${STATE_COLUMNS} FROM ${store}`,
  );
  const [size = []] = await session.rows(
    `SELECT SUM(data_length + index_length) FROM information_schema.tables
    WHERE table_schema = DATABASE() AND table_name IN (?)`,
    [['event', 'store', 'document', 'document_part'].map((name) => prefix + name)],
  );
  const [events, eventBytes, prunedThrough, ...columns] = row;
  const state = toState(columns);
  const { epoch, lastSequence } = state;
  const status = {
    epoch,
    lastSequence,
    events: Number(events),
    prunedThrough: Number(prunedThrough),
    // TiDB estimates 0 until it has analyzed a table.
    bytes: Number(size[0]) || Number(eventBytes),
  };
  return { ...state, status };
}
