import type { Document, DocumentListOptions, DocumentPage, DocumentStore, JsonObject } from '@vigilant/core';
import { DOCUMENT_PAGE_BYTES, VigilantError } from '@vigilant/core';
import { encodeChanges } from '@vigilant/core/adapter';
import type { DocumentWriteParts } from './write-documents';
import { writeDocuments } from './write-documents';
import type { SqlRow } from '../sql/sql-text';
import type { MysqlSession, UseSession } from '../connection/mysql-session';
import type { Tables } from '../sql/tables';

/** Dependencies of the documents of a store. `read` and `write` reject if the store is not open. */
export interface DocumentParts extends DocumentWriteParts {
  readonly read: UseSession;
}

/** Creates the documents of a store. */
export function createDocuments(parts: DocumentParts): DocumentStore {
  const { tables, read } = parts;
  return {
    get: (kind, key) => read((session) => getDocument(session, tables, kind, key)),
    list: (kind, options) => read((session) => listDocuments(session, tables, kind, options)),
    async count(kind) {
      const [row] = await read((session) =>
        session.rows(`SELECT COUNT(*) FROM ${tables.document} WHERE \`kind\` = ?`, [Buffer.from(kind)]),
      );
      return Number(row?.[0]);
    },
    async put(kind, key, content, { revision }) {
      const changes = encodeChanges([{ kind, key, content, revision }]);
      return (await writeDocuments(parts, changes))?.[0];
    },
    async delete(kind, key, { revision }) {
      const changes = [{ kind, key, revision, content: undefined }];
      return (await writeDocuments(parts, changes)) !== undefined;
    },
    async write(changes) {
      return (await writeDocuments(parts, encodeChanges(changes))) !== undefined;
    },
  };
}

async function getDocument(
  session: MysqlSession,
  tables: Tables,
  kind: string,
  key: string,
): Promise<Document | undefined> {
  for (let previous: string | undefined; ;) {
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
    if (blob.length === Number(row[3])) return { ...document, blob: new Uint8Array(blob) };
    // Otherwise the document was replaced between the two statements, or parts of it are missing.
    if (document.revision === previous)
      throw new VigilantError(
        'VIGILANT_STORE_UNAVAILABLE',
        `The document "${key}" of the kind "${kind}" is damaged: table ${tables.documentPart} lacks a part of its blob.`,
      );
    previous = document.revision;
  }
}

/** Lists documents. Reads their sizes first, so that the server sends at most one page. */
async function listDocuments(
  session: MysqlSession,
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
  const last = (sizes[count - 1]?.[0] as Buffer | undefined)?.toString();
  if (last === undefined) return { documents: [] };
  const rows = await session.rows(
    `SELECT \`key\`, \`revision\`, \`value\` ${range} AND \`key\` <= ? ORDER BY \`key\` LIMIT ${count}`,
    [...parameters, Buffer.from(last)],
  );
  const documents = rows.map(toDocument);
  // Documents that were added between the two statements displace the last ones.
  const end = documents.length === count ? (documents.at(-1)?.key as string) : last;
  if (end === last && sizes.length <= count) return { documents };
  // All documents of the page were deleted between the two statements.
  if (documents.length === 0) return listDocuments(session, tables, kind, { after: last, limit, maxBytes });
  return { documents, next: end };
}

function toDocument([key, revision, value]: SqlRow): Omit<Document, 'blob'> {
  return {
    key: (key as Buffer).toString(),
    revision: String(revision),
    value: JSON.parse(value as string) as JsonObject,
  };
}
