import type { Document, DocumentStore, JsonObject } from '@vigilant/core';
import { DOCUMENT_PAGE_BYTES } from '@vigilant/core';
import type { EncodedChange } from '@vigilant/core/adapter';
import { encodeChanges } from '@vigilant/core/adapter';
import type { PackedDocument, PackedDocuments } from '../store/store-protocol';
import type { RunningWorker } from '../thread/restarting-worker';

/** Returns the threads; throws if the store is not open. */
export interface DocumentThreads {
  readonly read: () => RunningWorker;
  readonly write: () => RunningWorker;
}

/** Creates the documents of a store. */
export function createDocuments({ read, write }: DocumentThreads): DocumentStore {
  const writeAll = (changes: readonly EncodedChange[]): Promise<readonly string[] | undefined> =>
    write().call('writeDocuments', changes);
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
    async put(kind, key, content, { revision }) {
      return (await writeAll(encodeChanges([{ kind, key, content, revision }])))?.[0];
    },
    async delete(kind, key, { revision }) {
      return (await writeAll([{ kind, key, revision, content: undefined }])) !== undefined;
    },
    async write(changes) {
      return (await writeAll(encodeChanges(changes))) !== undefined;
    },
  };
}

function toDocument({ key, revision, value, blob }: PackedDocument): Document {
  const document = { key, revision, value: JSON.parse(value) as JsonObject };
  return blob === undefined ? document : { ...document, blob };
}
