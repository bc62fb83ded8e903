import type { EncodedChange } from '@vigilant/core/adapter';
import { STATE_COLUMNS } from '../pool/store-state';
import { bind } from '../sql/sql-text';
import type { Tables } from '../sql/tables';

/** Bytes of a blob in one row: as hexadecimal digits it fits the smallest packet that we accept. */
const PART_BYTES = 256 * 1024;

/** Bytes of statements that are sent together, unless a single one has more. The smallest packet that we accept has 1 MiB. */
const SENT_BYTES = 512 * 1024;

/** A change and the new revision of its document; `undefined` if it deletes the document. */
export interface VersionedChange extends EncodedChange {
  readonly next: number | undefined;
}

/**
 * Yields the statements of a transaction that applies all changes, in parts that each fit a packet. The last statement selects the
 * state of the store.
 */
export function* changeParts(
  tables: Tables,
  changes: readonly VersionedChange[],
): Generator<readonly string[]> {
  let part: string[] = [];
  let bytes = 0;
  for (const statement of statementsOf(tables, changes)) {
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
 * Yields the statements of a transaction. Unless each document was changed, one of them fails with `ERRNO.nullColumn`, which rolls the
 * transaction back: SQL has no conditional commit, and deciding here would keep documents locked for another round trip.
 */
function* statementsOf(tables: Tables, changes: readonly VersionedChange[]): Generator<string> {
  const { documentPart, store } = tables;
  for (const change of changes) yield* blobStatements(tables, change);
  yield 'SET @changed = 0';
  for (const change of inLockOrder(changes)) {
    yield changeStatement(tables, change);
    yield 'SET @changed = @changed + ROW_COUNT()';
  }
  const replaced = changes.flatMap(({ revision }) => revision ?? []);
  if (replaced.length > 0) yield `DELETE FROM ${documentPart} WHERE \`revision\` IN (${replaced.join(',')})`;
  // Shows whether another server has this transaction. Last, so that the row is locked only during the commit. The column cannot be
  // NULL.
  yield `UPDATE ${store} SET \`last_revision\` = IF(@changed = ${changes.length}, \`last_revision\` + 1, NULL)`;
  yield `SELECT ${STATE_COLUMNS} FROM ${store}`;
}

/** Sorts changes by document, so that all writers lock documents in the same order. */
function inLockOrder(changes: readonly VersionedChange[]): readonly VersionedChange[] {
  return changes
    .map((change) => ({ change, name: Buffer.from(`${change.kind}\0${change.key}`) }))
    .sort((a, b) => Buffer.compare(a.name, b.name))
    .map(({ change }) => change);
}

function* blobStatements({ documentPart }: Tables, { content, next }: VersionedChange): Generator<string> {
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
  { kind, key, revision, content, next }: VersionedChange,
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
