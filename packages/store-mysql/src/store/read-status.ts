import type { StoreStatus } from '@vigilant/core';
import type { MysqlSession } from '../connection/mysql-session';
import type { StoreState } from '../pool/store-state';
import { STATE_COLUMNS, toState } from '../pool/store-state';
import type { Tables } from '../sql/tables';

/** Reads the status of a store, without its health. */
export async function readStatus(
  session: MysqlSession,
  { store, prefix }: Tables,
): Promise<Omit<StoreStatus, 'state'> & StoreState> {
  const [row = []] = await session.rows(
    `SELECT \`events\`, \`pruned_through\`, ${STATE_COLUMNS} FROM ${store}`,
  );
  const [size = []] = await session.rows(
    `SELECT SUM(data_length + index_length) FROM information_schema.tables
    WHERE table_schema = DATABASE() AND table_name IN (?)`,
    [['event', 'store', 'document', 'document_part'].map((name) => prefix + name)],
  );
  const [events, prunedThrough, ...state] = row;
  return {
    ...toState(state),
    events: Number(events),
    prunedThrough: Number(prunedThrough),
    bytes: Number(size[0]),
  };
}
