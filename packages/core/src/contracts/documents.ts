import type { JsonObject } from '../event/event';

/** Maximum size of the JSON of a document, in bytes of UTF-8. */
export const MAX_DOCUMENT_BYTES = 256 * 1024;

/** Maximum size of the blob of a document, in bytes. */
export const MAX_BLOB_BYTES = 16 * 1024 * 1024;

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
   * Writes a document if its revision is the one given; `null` means that it must not exist.
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

  /** Deletes a document if its revision is the one given. Returns `false` otherwise. */
  delete(kind: string, key: string, options: { readonly revision: string }): Promise<boolean>;
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
