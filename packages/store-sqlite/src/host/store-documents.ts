import type { Document, DocumentStore, JsonObject } from '@vigilant/core';
import { DOCUMENT_PAGE_BYTES, MAX_BLOB_BYTES, MAX_DOCUMENT_BYTES, VigilantError } from '@vigilant/core';
import type { PackedDocument, PackedDocuments } from '../store/store-protocol';
import type { RunningWorker } from '../thread/restarting-worker';

/** Returns the threads; throws if the store is not open. */
export interface DocumentThreads {
  readonly read: () => RunningWorker;
  readonly write: () => RunningWorker;
}

/** Creates the documents of a store. */
export function createDocuments({ read, write }: DocumentThreads): DocumentStore {
  return {
    async get(kind, key) {
      const found = await read().call<PackedDocument | undefined>('getDocument', { kind, key });
      return found === undefined ? undefined : toDocument(found);
    },
    async list(kind, { after, limit, maxBytes = DOCUMENT_PAGE_BYTES }) {
      const request = { kind, after, limit, maxBytes };
      const found = await read().call<PackedDocuments>('listDocuments', request);
      const documents = found.documents.map(toDocument);
      const last = documents.at(-1);
      return found.hasMore && last !== undefined ? { documents, next: last.key } : { documents };
    },
    async count(kind) {
      return read().call('countDocuments', { kind });
    },
    async put(kind, key, { value, blob }, { revision }) {
      const json = JSON.stringify(value);
      checkSize('A document', Buffer.byteLength(json), MAX_DOCUMENT_BYTES);
      checkSize('A blob', blob?.byteLength ?? 0, MAX_BLOB_BYTES);
      return write().call('putDocument', { kind, key, value: json, blob, revision });
    },
    async delete(kind, key, { revision }) {
      return write().call('deleteDocument', { kind, key, revision });
    },
  };
}

function toDocument({ key, revision, value, blob }: PackedDocument): Document {
  const document = { key, revision, value: JSON.parse(value) as JsonObject };
  return blob === undefined ? document : { ...document, blob };
}

function checkSize(what: string, bytes: number, limit: number): void {
  if (bytes <= limit) return;
  throw new VigilantError('VIGILANT_QUERY_INVALID', `${what} has at most ${limit} bytes, not ${bytes}.`);
}
