import type { DocumentChange } from './documents';
import { MAX_BLOB_BYTES, MAX_DOCUMENT_BYTES, MAX_WRITE_BYTES, MAX_WRITE_CHANGES } from './documents';
import { VigilantError } from '../util/errors';

/** A change of a document, independent of the objects of the caller. */
export interface EncodedChange {
  readonly kind: string;
  readonly key: string;
  /** Revision that the document must have; `null` if it must not exist. */
  readonly revision: string | null;
  /** The new content; `undefined` to delete the document. */
  readonly content: EncodedContent | undefined;
}

/** Content of a document. */
export interface EncodedContent {
  readonly json: string;
  readonly blob: Uint8Array | undefined;
}

/**
 * Checks the changes of one write against the bounds of the contract and copies their content.
 *
 * @throws {VigilantError} `VIGILANT_QUERY_INVALID`
 */
export function encodeChanges(changes: readonly DocumentChange[]): readonly EncodedChange[] {
  checkBound('A write of documents has', 'changes', changes.length, MAX_WRITE_CHANGES);
  const seen = new Set<string>();
  let bytes = 0;
  return changes.map(({ kind, key, content, revision }) => {
    const name = JSON.stringify([kind, key]);
    if (seen.has(name)) throw invalid(`A write changes document ${name} twice. Combine the two changes.`);
    seen.add(name);
    if (content === undefined) return { kind, key, revision, content };
    const json = JSON.stringify(content.value);
    const blob = content.blob?.slice();
    const [jsonBytes, blobBytes] = [Buffer.byteLength(json), blob?.byteLength ?? 0];
    checkBound('A document has', 'bytes', jsonBytes, MAX_DOCUMENT_BYTES);
    checkBound('A blob has', 'bytes', blobBytes, MAX_BLOB_BYTES);
    bytes += jsonBytes + blobBytes;
    checkBound('A write of documents has', 'bytes', bytes, MAX_WRITE_BYTES);
    return { kind, key, revision, content: { json, blob } };
  });
}

function checkBound(what: string, unit: string, value: number, limit: number): void {
  if (value > limit) throw invalid(`${what} ${value} ${unit}; the limit is ${limit}.`);
}

function invalid(message: string): VigilantError {
  return new VigilantError('VIGILANT_QUERY_INVALID', message);
}
