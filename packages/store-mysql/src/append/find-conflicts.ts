import type { Event } from '@vigilant/core';
import { VigilantError } from '@vigilant/core';
import { sameContent } from '@vigilant/core/adapter';
import type { MysqlSession } from '../connection/mysql-session';
import type { RowText } from '../sql/event-row';
import { COLUMNS, readRow } from '../sql/event-row';
import type { SqlRow } from '../sql/sql-text';
import type { Tables } from '../sql/tables';

/** Maximum ids in one statement. */
const MAX_IDS = 200;

/** A batch that was appended. */
export interface AppendedBatch {
  readonly batch: readonly Event[];
  readonly rows: readonly RowText[];
  /** The last sequence before the append. */
  readonly before: number;
}

/** Returns the indexes of the events whose id is stored with other content. */
export async function findConflicts(
  session: MysqlSession,
  tables: Tables,
  { batch, rows, before }: AppendedBatch,
): Promise<readonly number[]> {
  const added = await session.rows(
    `SELECT \`sequence\`, \`id\` FROM ${tables.event} WHERE \`sequence\` BETWEEN ${before + 1} AND ${before + rows.length}`,
  );
  const ids = new Map(added.map(([sequence, id]) => [Number(sequence), (id as Buffer).toString('hex')]));
  const known = rows
    .map(({ idHex }, index) => ({ idHex, index }))
    .filter(({ idHex, index }) => ids.get(before + 1 + index) !== idHex);
  const conflicts: number[] = [];
  for (let start = 0; start < known.length; start += MAX_IDS) {
    const part = known.slice(start, start + MAX_IDS);
    const stored = await findById(session, tables, part);
    for (const { idHex, index } of part) {
      const row = stored.get(idHex);
      if (row === undefined) throw prunedMeanwhile(tables);
      if (!sameContent(readRow(row), batch[index] as Event)) conflicts.push(index);
    }
  }
  return conflicts;
}

async function findById(
  session: MysqlSession,
  tables: Tables,
  events: readonly { readonly idHex: string }[],
): Promise<ReadonlyMap<string, SqlRow>> {
  const ids = events.map(({ idHex }) => `X'${idHex}'`).join(',');
  const rows = await session.rows(`SELECT ${COLUMNS} FROM ${tables.event} WHERE \`id\` IN (${ids})`);
  return new Map(rows.map((row) => [(row[1] as Buffer).toString('hex'), row]));
}

/** Creates the error of a duplicate that was pruned before it was compared. The next append stores the event. */
function prunedMeanwhile(tables: Tables): VigilantError {
  return new VigilantError(
    'VIGILANT_STORE_UNAVAILABLE',
    `An event was deleted from ${tables.event} while its duplicate was compared with it. Append the batch again.`,
  );
}
