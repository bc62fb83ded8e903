import type { EncodedChange } from '@vigilant/core/adapter';
import type { SqliteConnection, SqlValue } from '../sqlite/driver';
import { inTransaction } from '../sqlite/transaction';
import type { PackedDocument, PackedDocuments } from './store-protocol';

/** Returns one document with its blob. */
export function getDocument(
  connection: SqliteConnection,
  { kind, key }: { kind: string; key: string },
): PackedDocument | undefined {
  const row = connection
    .prepare('SELECT key, revision, value, blob FROM document WHERE kind = ? AND key = ?')
    .get(kind, key);
  return row === undefined ? undefined : unpackRow(row);
}

/** Lists documents by key, without their blobs, up to `limit` and `maxBytes`. */
export function listDocuments(
  connection: SqliteConnection,
  request: { kind: string; after?: string; limit: number; maxBytes: number },
): PackedDocuments {
  const { kind, after, limit, maxBytes } = request;
  const find = (operator: '>' | '>=', key: string): readonly SqlValue[] | undefined =>
    connection
      .prepare(
        `SELECT key, revision, value FROM document WHERE kind = ? AND key ${operator} ? ORDER BY key LIMIT 1`,
      )
      .get(kind, key);
  const documents: PackedDocument[] = [];
  let bytes = 0;
  for (let row = after === undefined ? find('>=', '') : find('>', after); row !== undefined;) {
    if (documents.length >= limit || bytes >= maxBytes) return { documents, hasMore: true };
    const document = unpackRow(row);
    documents.push(document);
    bytes += Buffer.byteLength(document.value);
    row = find('>', document.key);
  }
  return { documents, hasMore: false };
}

/** Counts the documents of a kind. */
export function countDocuments(connection: SqliteConnection, { kind }: { kind: string }): number {
  return Number(connection.prepare('SELECT count(*) FROM document WHERE kind = ?').get(kind)?.[0]);
}

/**
 * Applies all changes and returns the revisions of the documents put, or changes nothing and returns `undefined` if a
 * document has another revision.
 */
export function writeDocuments(
  connection: SqliteConnection,
  changes: readonly EncodedChange[],
): readonly string[] | undefined {
  return inTransaction(connection, () => {
    const isCurrent = ({ kind, key, revision }: EncodedChange): boolean =>
      currentRevision(connection, kind, key) === revision;
    if (!changes.every(isCurrent)) return undefined;
    const revisions = takeRevisions(
      connection,
      changes.filter(({ content }) => content !== undefined).length,
    );
    let puts = 0;
    for (const { kind, key, content } of changes) {
      if (content === undefined) {
        connection.prepare('DELETE FROM document WHERE kind = ? AND key = ?').run(kind, key);
        continue;
      }
      connection
        .prepare('INSERT OR REPLACE INTO document (kind, key, revision, value, blob) VALUES (?, ?, ?, ?, ?)')
        .run(kind, key, revisions[puts++] as number, content.json, content.blob ?? null);
    }
    return revisions.map(String);
  });
}

/** Takes new revisions, which never repeat. */
function takeRevisions(connection: SqliteConnection, count: number): readonly number[] {
  connection.prepare('UPDATE store SET last_revision = last_revision + ?').run(count);
  const last = Number(connection.prepare('SELECT last_revision FROM store').get()?.[0]);
  return Array.from({ length: count }, (_, index) => last - count + 1 + index);
}

function currentRevision(connection: SqliteConnection, kind: string, key: string): string | null {
  const row = connection.prepare('SELECT revision FROM document WHERE kind = ? AND key = ?').get(kind, key);
  return row === undefined ? null : String(row[0]);
}

function unpackRow([key, revision, value, blob]: readonly SqlValue[]): PackedDocument {
  const document = { key: String(key), revision: String(revision), value: String(value) };
  // The blob may be a view on memory of the library.
  return blob instanceof Uint8Array ? { ...document, blob: Uint8Array.from(blob) } : document;
}
