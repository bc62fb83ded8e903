import { VigilantError } from '@vigilant/core';
import type { EncodedChange } from '@vigilant/core/adapter';
import { errnoOf, isLost } from '../connection/driver-errors';
import type { MysqlSession, UseSession } from '../connection/mysql-session';
import { bind } from '../sql/sql-text';
import type { Tables } from '../sql/tables';

/** Bytes of a blob in one row: as hexadecimal digits it fits the smallest packet that we accept. */
const PART_BYTES = 256 * 1024;

/** Bytes of statements that are sent together, unless a single one has more. The smallest packet that we accept has 1 MiB. */
const SENT_BYTES = 512 * 1024;

/** Matches the revisions of this store. In strict mode, comparing other text with the column is an error. */
const REVISION = /^\d{1,18}$/;

/** The server's error for `FAILURE`. */
const SUBQUERY_ROWS_ERRNO = 1242;

/** An expression that fails when it is evaluated. */
const FAILURE = '(SELECT 1 UNION ALL SELECT 2)';

/** A change and the revision that it gives to its document; `undefined` if it deletes the document. */
interface Versioned {
  readonly change: EncodedChange;
  readonly next: number | undefined;
}

/**
 * Makes all changes in one transaction and returns the revisions of the documents put, or changes nothing and returns `undefined` if
 * a document has another revision.
 *
 * The new revisions are unique to this call. The parts of a blob therefore never collide with those of another process, and after a
 * lost connection a revision shows whether the transaction was committed.
 */
export async function writeDocuments(
  write: UseSession,
  tables: Tables,
  changes: readonly EncodedChange[],
): Promise<readonly string[] | undefined> {
  const puts = changes.filter(({ content }) => content !== undefined);
  const revisions = await takeRevisions(write, tables, puts.length);
  const nextOf = new Map(puts.map((change, index) => [change, revisions[index]]));
  const versions = changes.map((change) => ({ change, next: nextOf.get(change) }));
  const isStale = changes.some(({ revision }) => revision !== null && !REVISION.test(revision));
  let mayBeCommitted = false;
  return write(async (session) => {
    if (isStale) return undefined;
    try {
      await session.transaction(partsOf(tables, versions));
    } catch (error) {
      if (errnoOf(error) !== SUBQUERY_ROWS_ERRNO) {
        mayBeCommitted ||= isLost(error);
        throw error;
      }
      if (!mayBeCommitted) return undefined;
      if (!(await isAnyCurrent(session, tables, versions))) throw outcomeUnknown();
    }
    return revisions.map(String);
  });
}

async function takeRevisions(
  write: UseSession,
  { store }: Tables,
  count: number,
): Promise<readonly number[]> {
  if (count === 0) return [];
  const last = await write((session) =>
    session.nextNumber(
      `UPDATE ${store} SET \`last_revision\` = LAST_INSERT_ID(\`last_revision\` + ${count})`,
    ),
  );
  return Array.from({ length: count }, (_, index) => last - count + 1 + index);
}

/** Yields the statements of a transaction in parts that each fit a packet. */
function* partsOf(tables: Tables, versions: readonly Versioned[]): Generator<readonly string[]> {
  let part: string[] = [];
  let bytes = 0;
  for (const statement of statementsOf(tables, versions)) {
    const size = Buffer.byteLength(statement);
    if (bytes > 0 && bytes + size > SENT_BYTES) {
      yield part;
      part = [];
      bytes = 0;
    }
    part.push(statement);
    bytes += size;
  }
  yield part;
}

/**
 * Yields the statements of a transaction. The last one fails unless each document was changed, which rolls the transaction back: SQL
 * has no conditional commit, and deciding here would keep documents locked for another round trip.
 */
function* statementsOf(tables: Tables, versions: readonly Versioned[]): Generator<string> {
  for (const { change, next } of versions) yield* blobStatements(tables, change, next);
  yield 'SET @changed = 0';
  for (const { change, next } of inLockOrder(versions)) {
    yield changeStatement(tables, change, next);
    yield 'SET @changed = @changed + ROW_COUNT()';
  }
  const replaced = versions.flatMap(({ change }) => change.revision ?? []);
  if (replaced.length > 0)
    yield `DELETE FROM ${tables.documentPart} WHERE \`revision\` IN (${replaced.join(',')})`;
  yield `SELECT IF(@changed = ${versions.length}, 1, ${FAILURE})`;
}

/** Sorts changes by document, so that all writers lock documents in the same order. */
function inLockOrder(versions: readonly Versioned[]): readonly Versioned[] {
  return versions
    .map((version) => ({ version, name: Buffer.from(`${version.change.kind}\0${version.change.key}`) }))
    .sort((a, b) => Buffer.compare(a.name, b.name))
    .map(({ version }) => version);
}

function* blobStatements(
  { documentPart }: Tables,
  { content }: EncodedChange,
  next: number | undefined,
): Generator<string> {
  const blob = Buffer.from(content?.blob ?? []);
  for (let part = 0; part * PART_BYTES < blob.length; part += 1)
    yield bind(
      `INSERT INTO ${documentPart} (\`revision\`, \`part\`, \`bytes\`) VALUES (${next}, ${part}, ?)
      ON DUPLICATE KEY UPDATE \`part\` = \`part\``,
      [blob.subarray(part * PART_BYTES, (part + 1) * PART_BYTES)],
    );
}

/** Returns the statement that changes a row if the document has the given revision. */
function changeStatement(
  { document }: Tables,
  { kind, key, revision, content }: EncodedChange,
  next: number | undefined,
): string {
  const name = [Buffer.from(kind), Buffer.from(key)];
  const isThis = '`kind` = ? AND `key` = ? AND `revision` = ?';
  if (content === undefined)
    return bind(`DELETE FROM ${document} WHERE ${isThis}`, [...name, revision as string]);
  const values = [content.json, content.blob?.byteLength ?? null];
  return revision === null
    ? bind(
        `INSERT INTO ${document} (\`kind\`, \`key\`, \`revision\`, \`value\`, \`blob_bytes\`) VALUES (?, ?, ${next}, ?, ?)
        ON DUPLICATE KEY UPDATE \`kind\` = \`kind\``,
        [...name, ...values],
      )
    : bind(
        `UPDATE ${document} SET \`revision\` = ${next}, \`value\` = ?, \`blob_bytes\` = ? WHERE ${isThis}`,
        [...values, ...name, revision],
      );
}

/** Returns whether any document has the revision that a write gave to it. */
async function isAnyCurrent(
  session: MysqlSession,
  tables: Tables,
  versions: readonly Versioned[],
): Promise<boolean> {
  for (const { change, next } of versions) {
    if (next === undefined) continue;
    const rows = await session.rows(
      `SELECT 1 FROM ${tables.document} WHERE \`kind\` = ? AND \`key\` = ? AND \`revision\` = ${next}`,
      [Buffer.from(change.kind), Buffer.from(change.key)],
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
