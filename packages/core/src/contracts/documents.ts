import type { JsonObject } from '../event/event';

/** Maximum size of the JSON of a document, in bytes of UTF-8. */
export const MAX_DOCUMENT_BYTES = 256 * 1024;

/** Maximum size of the blob of a document, in bytes. */
export const MAX_BLOB_BYTES = 16 * 1024 * 1024;

/** Maximum number of changes in one `DocumentStore.write`. Enough for a full page of documents with one related document each. */
export const MAX_WRITE_CHANGES = 2_000;

/** Maximum bytes of JSON and blobs in one `DocumentStore.write`. */
export const MAX_WRITE_BYTES = 32 * 1024 * 1024;

/** Default of `DocumentListOptions.maxBytes`. */
export const DOCUMENT_PAGE_BYTES = 4 * 1024 * 1024;

/**
 * Stores small documents, such as dead letters, by kind and key.
 *
 * Writes compare the revision of the document before they change it. They are atomic and as durable as the store.
 */
export interface DocumentStore {
  /** Returns a document with its blob, or `undefined`. */
  get(kind: string, key: string): Promise<Document | undefined>;

  /**
   * Lists the documents of a kind without their blobs, in ascending order of the UTF-8 bytes of their
   * keys [store/documents/list].
   */
  list(kind: string, options: DocumentListOptions): Promise<DocumentPage>;

  /** Counts the documents of a kind without reading them [store/documents/count]. */
  count(kind: string): Promise<number>;

  /**
   * Writes a document if it has the given revision; `null` means that it must not exist.
   *
   * Returns the new revision, which is never reused [store/documents/revision-never-repeats], or `undefined` if the
   * revision differs [store/documents/compare-and-set].
   */
  put(
    kind: string,
    key: string,
    document: DocumentContent,
    options: { readonly revision: string | null },
  ): Promise<string | undefined>;

  /** Deletes a document if it has the given revision. Returns `false` otherwise. */
  delete(kind: string, key: string, options: { readonly revision: string }): Promise<boolean>;

  /**
   * Puts and deletes several documents in one transaction: all of them, or none if any document has another
   * revision [store/documents/write-together, store/documents/write-nothing, store/documents/write-at-once,
   * store/documents/write-shared].
   *
   * Accepts up to `MAX_WRITE_CHANGES` changes of different documents, whose JSON and blobs have up to `MAX_WRITE_BYTES`
   * in total [store/documents/write-bounds].
   *
   * @returns `false` if nothing was written because a revision differs.
   * @throws {VigilantError} `VIGILANT_QUERY_INVALID` if the changes exceed a bound or two of them change the same document.
   */
  write(changes: readonly DocumentChange[]): Promise<boolean>;
}

/** A change of one document. */
export type DocumentChange = DocumentPut | DocumentDelete;

/** Creates or replaces a document. */
export interface DocumentPut {
  readonly kind: string;
  readonly key: string;
  readonly content: DocumentContent;
  /** Revision that is replaced; `null` if the document must not exist. */
  readonly revision: string | null;
}

/** Deletes a document. */
export interface DocumentDelete {
  readonly kind: string;
  readonly key: string;
  readonly content?: undefined;
  readonly revision: string;
}

/** Content of a document. */
export interface DocumentContent {
  /** JSON object of at most 256 KiB of UTF-8. */
  readonly value: JsonObject;
  /** Bytes, at most 16 MiB. */
  readonly blob?: Uint8Array;
}

/** A stored document. */
export interface Document extends DocumentContent {
  readonly key: string;
  readonly revision: string;
}

/** Options of `list`. */
export interface DocumentListOptions {
  /** The page starts after this key. */
  readonly after?: string;
  /** Maximum number of documents, from 1 to 1,000. */
  readonly limit: number;
  /**
   * Ends the page once the JSON of its documents reaches this many bytes. A page that is not the last has at least one
   * document [store/documents/list-bytes]. @defaultValue 4 MiB
   */
  readonly maxBytes?: number;
}

/** A page of documents. */
export interface DocumentPage {
  readonly documents: readonly Omit<Document, 'blob'>[];
  /** `after` of the next page. Absent on the last page. */
  readonly next?: string;
}
