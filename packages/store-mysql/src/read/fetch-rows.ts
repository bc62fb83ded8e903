import type { RowEvent } from '@vigilant/core/adapter';
import type { MysqlSession } from '../connection/mysql-session';
import { COLUMNS, readRow } from '../sql/event-row';
import type { Tables } from '../sql/tables';
import type { Candidate } from './window';

/** Maximum rows and bytes fetched by one statement. A larger row is fetched alone. */
const FETCH_ROWS = 1_000;
const FETCH_BYTES = 2 * 1024 * 1024;

/** Divides candidates into groups that may be in memory at once. */
export function* groupsOf(candidates: readonly Candidate[]): Generator<readonly Candidate[]> {
  let group: Candidate[] = [];
  let bytes = 0;
  for (const candidate of candidates) {
    if (group.length > 0 && (group.length >= FETCH_ROWS || bytes + candidate.bytes > FETCH_BYTES)) {
      yield group;
      group = [];
      bytes = 0;
    }
    group.push(candidate);
    bytes += candidate.bytes;
  }
  if (group.length > 0) yield group;
}

/** Reads the rows of a group by sequence. Rows that were pruned are missing. */
export async function fetchRows(
  session: MysqlSession,
  { event }: Tables,
  group: readonly Candidate[],
): Promise<ReadonlyMap<number, RowEvent>> {
  const sequences = group.map(({ sequence }) => sequence).join(',');
  const rows = await session.rows(`SELECT ${COLUMNS} FROM ${event} WHERE \`sequence\` IN (${sequences})`);
  return new Map(rows.map((row) => [Number(row[0]), readRow(row)]));
}
