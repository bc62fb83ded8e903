import type { Document, DocumentStore } from '../contracts/documents';
import { DOCUMENT_PAGE_BYTES } from '../contracts/documents';
import type { JsonObject } from '../event/event';
import type { EncodedChange } from '../contracts/encode-changes';
import { encodeChanges } from '../contracts/encode-changes';

/** Creates a document store in memory. Its documents are lost with the process. */
export function createMemoryDocuments(): DocumentStore {
  const kinds = new Map<string, Map<string, Document>>();
  let revisions = 0;
  const documentsOf = (kind: string): Map<string, Document> => {
    let documents = kinds.get(kind);
    if (documents === undefined) kinds.set(kind, (documents = new Map()));
    return documents;
  };
  /** Applies all changes and returns the new revisions, or returns `undefined` if a document has another revision. */
  const write = (changes: readonly EncodedChange[]): readonly string[] | undefined => {
    const isCurrent = ({ kind, key, revision }: EncodedChange): boolean =>
      (documentsOf(kind).get(key)?.revision ?? null) === revision;
    if (!changes.every(isCurrent)) return undefined;
    const written: string[] = [];
    for (const { kind, key, content } of changes) {
      documentsOf(kind).delete(key);
      if (content === undefined) continue;
      revisions += 1;
      const { json, blob } = content;
      const document = { key, value: JSON.parse(json) as JsonObject, revision: String(revisions) };
      documentsOf(kind).set(key, blob === undefined ? document : { ...document, blob });
      written.push(document.revision);
    }
    return written;
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
    async put(kind, key, content, { revision }) {
      return write(encodeChanges([{ kind, key, content, revision }]))?.[0];
    },
    async delete(kind, key, { revision }) {
      return write([{ kind, key, revision, content: undefined }]) !== undefined;
    },
    async write(changes) {
      return write(encodeChanges(changes)) !== undefined;
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
    async write(...call) {
      checkOpen();
      return documents.write(...call);
    },
  };
}

function compareBytes(a: string, b: string): number {
  return Buffer.compare(Buffer.from(a), Buffer.from(b));
}

function sizeOf(value: object): number {
  return Buffer.byteLength(JSON.stringify(value));
}
