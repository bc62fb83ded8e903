import { VigilantError } from '../errors';
import type { Document, DocumentStore } from '../contracts/documents';
import { MAX_BLOB_BYTES, MAX_DOCUMENT_BYTES } from '../contracts/documents';

/** Creates documents that are gone with the process. Given to an engine as its dead letters, that is what they are. */
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
    async list(kind, { after, limit }) {
      const keys = [...documentsOf(kind).keys()].filter((key) => after === undefined || key > after).sort();
      const documents = keys.slice(0, limit).map((key) => {
        const { blob: _, ...document } = documentsOf(kind).get(key) as Document;
        return document;
      });
      const last = documents.at(-1);
      return keys.length > limit && last !== undefined ? { documents, next: last.key } : { documents };
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

/** Asks before each call whether there is anybody to answer; the check throws when there is not. */
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

function checkSize(value: object, blob: Uint8Array | undefined): void {
  const size = Buffer.byteLength(JSON.stringify(value));
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
