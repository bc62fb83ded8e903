import { VigilantError } from '@vigilant/core';
import type { EncodedChange } from '@vigilant/core/adapter';
import { ERRNO, errnoOf, isLost } from '../connection/driver-errors';
import type { MysqlSession, UseSession } from '../connection/mysql-session';
import type { StoreState } from '../pool/store-state';
import { readState, toState } from '../pool/store-state';
import type { SqlRow } from '../sql/sql-text';
import type { Tables } from '../sql/tables';
import type { VersionedChange } from './change-parts';
import { changeParts } from './change-parts';

/** Matches the revisions of this store. In strict mode, comparing other text with the column is an error. */
const REVISION = /^\d{1,18}$/;

/** Dependencies of `writeDocuments`. */
export interface DocumentWriteParts {
  readonly tables: Tables;
  readonly write: UseSession;
  /** Called with the state of the store after each write, even if it changed nothing. */
  readonly onWrite: (state: StoreState) => void;
}

/**
 * Applies all changes in one transaction and returns the revisions of the documents put, or changes nothing and returns `undefined` if
 * a document has another revision.
 *
 * The new revisions are unique to this call. The parts of a blob therefore never collide with those of another process, and after a
 * lost connection a revision shows whether the transaction was committed.
 */
export async function writeDocuments(
  parts: DocumentWriteParts,
  changes: readonly EncodedChange[],
): Promise<readonly string[] | undefined> {
  const { tables, write, onWrite } = parts;
  const puts = changes.filter(({ content }) => content !== undefined);
  const revisions = await takeRevisions(parts, puts.length);
  const nextOf = new Map(puts.map((change, index) => [change, revisions[index]]));
  const versioned = changes.map((change) => ({ ...change, next: nextOf.get(change) }));
  const canMatch = changes.every(({ revision }) => revision === null || REVISION.test(revision));
  let mayBeCommitted = false;
  return write(async (session) => {
    if (!canMatch) return undefined;
    try {
      onWrite(await commit(session, tables, versioned));
      return revisions.map(String);
    } catch (error) {
      if (errnoOf(error) !== ERRNO.nullColumn) {
        mayBeCommitted ||= isLost(error);
        throw error;
      }
      const isCommitted = mayBeCommitted && (await isAnyCurrent(session, tables, versioned));
      if (mayBeCommitted && !isCommitted) throw outcomeUnknown();
      onWrite(await readState(session, tables));
      return isCommitted ? revisions.map(String) : undefined;
    }
  });
}

/** Reserves revisions for this call. */
async function takeRevisions(
  { tables, write }: DocumentWriteParts,
  count: number,
): Promise<readonly number[]> {
  if (count === 0) return [];
  const last = await write((session) =>
    session.nextNumber(
      `UPDATE ${tables.store} SET \`last_revision\` = LAST_INSERT_ID(\`last_revision\` + ${count})`,
    ),
  );
  return Array.from({ length: count }, (_, index) => last - count + 1 + index);
}

async function commit(
  session: MysqlSession,
  tables: Tables,
  changes: readonly VersionedChange[],
): Promise<StoreState> {
  const answers = await session.transaction(changeParts(tables, changes));
  const [row = []] = answers.at(-1) as readonly SqlRow[];
  return toState(row);
}

/** Returns whether any document has the revision that a write assigned. */
async function isAnyCurrent(
  session: MysqlSession,
  tables: Tables,
  changes: readonly VersionedChange[],
): Promise<boolean> {
  for (const { kind, key, next } of changes) {
    if (next === undefined) continue;
    const rows = await session.rows(
      `SELECT 1 FROM ${tables.document} WHERE \`kind\` = ? AND \`key\` = ? AND \`revision\` = ${next}`,
      [Buffer.from(kind), Buffer.from(key)],
    );
    if (rows.length > 0) return true;
  }
  return false;
}

function outcomeUnknown(): VigilantError {
  return new VigilantError(
    'VIGILANT_STORE_UNAVAILABLE',
    'The connection was lost during a document write, and the documents have changed since. Read them before writing them again.',
  );
}
