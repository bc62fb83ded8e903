import type { Document, DocumentListOptions, DocumentPage, DocumentStore, JsonObject } from '@vigilant/core';
import { DOCUMENT_PAGE_BYTES, MAX_BLOB_BYTES, MAX_DOCUMENT_BYTES, VigilantError } from '@vigilant/core';
import type { SqlRow } from './row';
import type { Session } from './session';
import { bind } from './sql-text';
import type { Tables } from './tables';

/** Bytes of a blob in one row: as hexadecimal digits it fits the smallest packet that we accept. */
const PART_BYTES = 256 * 1024;

/** Matches the revisions of this store. In strict mode, comparing other text with the column is an error. */
const REVISION = /^\d{1,18}$/;

/** Lends sessions; rejects when the store is not open. */
export interface DocumentSessions {
  readonly tables: Tables;
  readonly read: <T>(work: (session: Session) => Promise<T>) => Promise<T>;
  readonly write: <T>(work: (session: Session) => Promise<T>) => Promise<T>;
}

/** Creates the documents of a store. */
export function createDocuments({ tables, read, write }: DocumentSessions): DocumentStore {
  return {
    get: (kind, key) => read((session) => getDocument(session, tables, kind, key)),
    list: (kind, options) => read((session) => listDocuments(session, tables, kind, options)),
    async count(kind) {
      const [row] = await read((session) =>
        session.rows(`SELECT COUNT(*) FROM ${tables.document} WHERE \`kind\` = ?`, [Buffer.from(kind)]),
      );
      return Number(row?.[0]);
    },
    async put(kind, key, { value, blob }, { revision }) {
      const json = JSON.stringify(value);
      checkSize('A document', Buffer.byteLength(json), MAX_DOCUMENT_BYTES);
      checkSize('A blob', blob?.byteLength ?? 0, MAX_BLOB_BYTES);
      // The caller may change its bytes in the meantime.
      const bytes = blob === undefined ? undefined : Buffer.from(blob);
      return putDocument(write, tables, { kind, key, json, bytes, revision });
    },
    delete: (kind, key, { revision }) => deleteDocument(write, tables, { kind, key, revision }),
  };
}

async function getDocument(
  session: Session,
  tables: Tables,
  kind: string,
  key: string,
): Promise<Document | undefined> {
  for (;;) {
    const [row] = await session.rows(
      `SELECT \`key\`, \`revision\`, \`value\`, \`blob_bytes\` FROM ${tables.document} WHERE \`kind\` = ? AND \`key\` = ?`,
      [Buffer.from(kind), Buffer.from(key)],
    );
    if (row === undefined) return undefined;
    const document = toDocument(row);
    if (row[3] === null) return document;
    const parts = await session.rows(
      `SELECT \`bytes\` FROM ${tables.documentPart} WHERE \`revision\` = ? ORDER BY \`part\``,
      [document.revision],
    );
    const blob = Buffer.concat(parts.map(([bytes]) => bytes as Buffer));
    // Otherwise the document was replaced between the two statements.
    if (blob.length === Number(row[3])) return { ...document, blob: new Uint8Array(blob) };
  }
}

/** Lists documents. Reads their sizes first, so that at most one page crosses the network. */
async function listDocuments(
  session: Session,
  tables: Tables,
  kind: string,
  { after, limit, maxBytes = DOCUMENT_PAGE_BYTES }: DocumentListOptions,
): Promise<DocumentPage> {
  const operator = after === undefined ? '>=' : '>';
  const range = `FROM ${tables.document} WHERE \`kind\` = ? AND \`key\` ${operator} ?`;
  const parameters = [Buffer.from(kind), Buffer.from(after ?? '')];
  const sizes = await session.rows(
    `SELECT \`key\`, LENGTH(\`value\`) ${range} ORDER BY \`key\` LIMIT ${limit + 1}`,
    parameters,
  );
  let count = 0;
  for (let bytes = 0; count < Math.min(limit, sizes.length) && bytes < maxBytes; count += 1)
    bytes += Number(sizes[count]?.[1]);
  const last = sizes[count - 1]?.[0] as Buffer | undefined;
  if (last === undefined) return { documents: [] };
  const rows = await session.rows(
    `SELECT \`key\`, \`revision\`, \`value\` ${range} AND \`key\` <= ? ORDER BY \`key\``,
    [...parameters, last],
  );
  const documents = rows.map(toDocument);
  return sizes.length > count ? { documents, next: last.toString() } : { documents };
}

interface PutRequest {
  readonly kind: string;
  readonly key: string;
  readonly json: string;
  readonly bytes: Buffer | undefined;
  readonly revision: string | null;
}

/**
 * Writes a document under a revision that is unique to this call. The parts of its blob therefore never collide with those of another
 * process, and after a lost connection the revision shows whether the write was committed.
 */
async function putDocument(
  write: DocumentSessions['write'],
  tables: Tables,
  request: PutRequest,
): Promise<string | undefined> {
  const next = await write((session) =>
    session.nextNumber(
      `UPDATE ${tables.store} SET \`last_revision\` = LAST_INSERT_ID(\`last_revision\` + 1)`,
    ),
  );
  if (request.revision !== null && !REVISION.test(request.revision)) return undefined;
  let attempts = 0;
  return write(async (session) => {
    attempts += 1;
    const answers = await session.transaction(putParts(tables, request, next));
    const [row] = answers.at(-1) as readonly SqlRow[];
    const current = row === undefined ? null : String(row[0]);
    if (current === String(next)) return current;
    if (attempts > 1 && current !== request.revision) throw outcomeUnknown();
    return undefined;
  });
}

/** Yields the statements of a write, in parts that each fit the smallest packet. The last one reads the current revision. */
function* putParts(
  tables: Tables,
  { kind, key, json, bytes, revision }: PutRequest,
  next: number,
): Generator<readonly string[]> {
  const { document, documentPart } = tables;
  for (let part = 0; part * PART_BYTES < (bytes?.length ?? 0); part += 1)
    yield [
      bind(
        `INSERT INTO ${documentPart} (\`revision\`, \`part\`, \`bytes\`) VALUES (${next}, ${part}, ?)
        ON DUPLICATE KEY UPDATE \`part\` = \`part\``,
        [(bytes as Buffer).subarray(part * PART_BYTES, (part + 1) * PART_BYTES)],
      ),
    ];
  const name = [Buffer.from(kind), Buffer.from(key)];
  const size = bytes?.length ?? null;
  const isThis = '`kind` = ? AND `key` = ?';
  yield [
    revision === null
      ? bind(
          `INSERT INTO ${document} (\`kind\`, \`key\`, \`revision\`, \`value\`, \`blob_bytes\`) VALUES (?, ?, ${next}, ?, ?)
          ON DUPLICATE KEY UPDATE \`kind\` = \`kind\``,
          [...name, json, size],
        )
      : bind(
          `UPDATE ${document} SET \`revision\` = ${next}, \`value\` = ?, \`blob_bytes\` = ?
          WHERE ${isThis} AND \`revision\` = ?`,
          [json, size, ...name, revision],
        ),
    ...[String(next), ...(revision === null ? [] : [revision])].map((each) =>
      removeParts(tables, { kind, key, revision: each }),
    ),
    bind(`SELECT \`revision\` FROM ${document} WHERE ${isThis}`, name),
  ];
}

/** Identifies a version of a document. */
interface Version {
  readonly kind: string;
  readonly key: string;
  readonly revision: string;
}

async function deleteDocument(
  write: DocumentSessions['write'],
  tables: Tables,
  version: Version,
): Promise<boolean> {
  const { kind, key, revision } = version;
  const statement = bind(
    `DELETE FROM ${tables.document} WHERE \`kind\` = ? AND \`key\` = ? AND \`revision\` = ?`,
    [Buffer.from(kind), Buffer.from(key), revision],
  );
  let attempts = 0;
  return write(async (session) => {
    if (!REVISION.test(revision)) return false;
    attempts += 1;
    const [deleted] = await session.transaction([[statement, removeParts(tables, version)]]);
    if ((deleted as { affectedRows: number }).affectedRows > 0) return true;
    if (attempts > 1) throw outcomeUnknown();
    return false;
  });
}

/** Returns the statement that deletes the blob of a version unless that version exists. */
function removeParts({ document, documentPart }: Tables, { kind, key, revision }: Version): string {
  return bind(
    `DELETE FROM ${documentPart} WHERE \`revision\` = ? AND NOT EXISTS
    (SELECT 1 FROM ${document} WHERE \`kind\` = ? AND \`key\` = ? AND ${document}.\`revision\` = ?)`,
    [revision, Buffer.from(kind), Buffer.from(key), revision],
  );
}

function outcomeUnknown(): VigilantError {
  return new VigilantError(
    'VIGILANT_STORE_UNAVAILABLE',
    'The connection was lost during a document write, and the document has changed since. Read it before writing it again.',
  );
}

function toDocument([key, revision, value]: SqlRow): Omit<Document, 'blob'> {
  return {
    key: (key as Buffer).toString(),
    revision: String(revision),
    value: JSON.parse(value as string) as JsonObject,
  };
}

function checkSize(what: string, bytes: number, limit: number): void {
  if (bytes <= limit) return;
  throw new VigilantError('VIGILANT_QUERY_INVALID', `${what} holds at most ${limit} bytes, not ${bytes}.`);
}
