import type { Document, DocumentListOptions, DocumentPage, DocumentStore, JsonObject } from '@vigilant/core';
import { DOCUMENT_PAGE_BYTES, MAX_BLOB_BYTES, MAX_DOCUMENT_BYTES, VigilantError } from '@vigilant/core';
import type { SqlRow } from './row';
import type { Session } from './session';
import type { Tables } from './tables';

/** Bytes of a blob in one row: as hexadecimal digits it fits the smallest packet that we accept. */
const PART_BYTES = 256 * 1024;

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
      // What the caller does with its bytes meanwhile is its own affair.
      const bytes = blob === undefined ? undefined : Buffer.from(blob);
      return write((session) => putDocument(session, tables, { kind, key, json, bytes, revision }));
    },
    delete: (kind, key, { revision }) =>
      write((session) =>
        session.transaction(async () => {
          await session.rows(`SELECT \`only\` FROM ${tables.store} FOR UPDATE`);
          if ((await currentRevision(session, tables, kind, key)) !== revision) return false;
          await removeRow(session, tables, kind, key, revision);
          return true;
        }, false),
      ),
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

/** Reads the sizes first, so that no more than a page of documents crosses the network. */
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
    `SELECT \`key\`, \`revision\`, \`value\` ${range} AND \`key\` <= ? ORDER BY \`key\` LIMIT ${limit}`,
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

function putDocument(session: Session, tables: Tables, request: PutRequest): Promise<string | undefined> {
  const { kind, key, json, bytes, revision } = request;
  return session.transaction(async () => {
    const [row] = await session.rows(`SELECT \`last_revision\` FROM ${tables.store} FOR UPDATE`);
    if ((await currentRevision(session, tables, kind, key)) !== revision) return undefined;
    const next = String(Number(row?.[0]) + 1);
    if (revision !== null) await removeRow(session, tables, kind, key, revision);
    await session.run(
      `INSERT INTO ${tables.document} (\`kind\`, \`key\`, \`revision\`, \`value\`, \`blob_bytes\`) VALUES (?, ?, ${next}, ?, ?)`,
      [Buffer.from(kind), Buffer.from(key), json, bytes?.length ?? null],
    );
    for (let part = 0; part * PART_BYTES < (bytes?.length ?? 0); part += 1)
      await session.run(
        `INSERT INTO ${tables.documentPart} (\`revision\`, \`part\`, \`bytes\`) VALUES (${next}, ${part}, ?)`,
        [bytes?.subarray(part * PART_BYTES, (part + 1) * PART_BYTES)],
      );
    await session.run(`UPDATE ${tables.store} SET \`last_revision\` = ${next}`);
    return next;
  }, false);
}

async function removeRow(
  session: Session,
  tables: Tables,
  kind: string,
  key: string,
  revision: string,
): Promise<void> {
  await session.run(`DELETE FROM ${tables.document} WHERE \`kind\` = ? AND \`key\` = ?`, [
    Buffer.from(kind),
    Buffer.from(key),
  ]);
  await session.run(`DELETE FROM ${tables.documentPart} WHERE \`revision\` = ?`, [revision]);
}

async function currentRevision(
  session: Session,
  tables: Tables,
  kind: string,
  key: string,
): Promise<string | null> {
  const [row] = await session.rows(
    `SELECT \`revision\` FROM ${tables.document} WHERE \`kind\` = ? AND \`key\` = ?`,
    [Buffer.from(kind), Buffer.from(key)],
  );
  return row === undefined ? null : String(row[0]);
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
