import { VigilantError } from '../util/errors';
import type { Document, DocumentStore } from '../contracts/documents';
import { DOCUMENT_PAGE_BYTES, MAX_BLOB_BYTES, MAX_DOCUMENT_BYTES } from '../contracts/documents';

/** Creates a document store in memory. Its documents are lost with the process. */
export function createMemoryDocuments(): DocumentStore {
  const kinds = new Map<string, Map<string, Document>>();
  let revisions = 0;
  const documentsOf = (kind: string): Map<string, Document> => {
    let documents = kinds.get(kind);
    if (documents === undefined) kinds.set(kind, (documents = new Map()));
    return documents;
  };
  return {
    async get(kind, key) {
      return documentsOf(kind).get(key);
    },
    async list(kind, { after, limit, maxBytes = DOCUMENT_PAGE_BYTES }) {
      const rest = [...documentsOf(kind).values()]
        .filter(({ key }) => after === undefined || compareBytes(key, after) > 0)
        .sort((a, b) => compareBytes(a.key, b.key));
      const documents: Omit<Document, 'blob'>[] = [];
      let bytes = 0;
      for (const { blob: _, ...document } of rest) {
        documents.push(document);
        bytes += sizeOf(document.value);
        if (documents.length >= limit || bytes >= maxBytes) break;
      }
      const last = documents.at(-1);
      return rest.length > documents.length && last !== undefined
        ? { documents, next: last.key }
        : { documents };
    },
    async count(kind) {
      return documentsOf(kind).size;
    },
    async put(kind, key, { value, blob }, { revision }) {
      if ((documentsOf(kind).get(key)?.revision ?? null) !== revision) return undefined;
      checkSize(value, blob);
      revisions += 1;
      const copy = { key, value: structuredClone(value), revision: String(revisions) };
      documentsOf(kind).set(key, blob === undefined ? copy : { ...copy, blob: blob.slice() });
      return copy.revision;
    },
    async delete(kind, key, { revision }) {
      if (documentsOf(kind).get(key)?.revision !== revision) return false;
      return documentsOf(kind).delete(key);
    },
  };
}

/** Wraps a document store so that each call first runs a check, which throws when the store is not open. */
export function guardDocuments(documents: DocumentStore, checkOpen: () => void): DocumentStore {
  return {
    async get(...call) {
      checkOpen();
      return documents.get(...call);
    },
    async list(...call) {
      checkOpen();
      return documents.list(...call);
    },
    async count(...call) {
      checkOpen();
      return documents.count(...call);
    },
    async put(...call) {
      checkOpen();
      return documents.put(...call);
    },
    async delete(...call) {
      checkOpen();
      return documents.delete(...call);
    },
  };
}

function compareBytes(a: string, b: string): number {
  return Buffer.compare(Buffer.from(a), Buffer.from(b));
}

function sizeOf(value: object): number {
  return Buffer.byteLength(JSON.stringify(value));
}

function checkSize(value: object, blob: Uint8Array | undefined): void {
  const size = sizeOf(value);
  if (size > MAX_DOCUMENT_BYTES)
    throw new VigilantError(
      'VIGILANT_QUERY_INVALID',
      `A document holds at most ${MAX_DOCUMENT_BYTES} bytes, not ${size}.`,
    );
  if (blob !== undefined && blob.byteLength > MAX_BLOB_BYTES)
    throw new VigilantError(
      'VIGILANT_QUERY_INVALID',
      `A blob holds at most ${MAX_BLOB_BYTES} bytes, not ${blob.byteLength}.`,
    );
}
