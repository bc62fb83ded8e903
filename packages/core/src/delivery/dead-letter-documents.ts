import type { Document, DocumentChange, DocumentStore } from '../contracts/documents';
import { MAX_BLOB_BYTES } from '../contracts/documents';
import type { NewDeadLetter } from './dead-letter';
import { addCount, identityIn, keyOf, toValue } from './dead-letter';

/** Kind of the letters. Their keys sort by the time of the first event. */
export const LETTER_KIND = 'dead-letter';

/** Kind of the documents that map an identity to the key of its letter. */
const INDEX_KIND = 'dead-letter-index';

/** A version of a letter. */
export type LetterVersion = Pick<Document, 'key' | 'revision'>;

/** A new letter and the documents of its identity. */
export interface LetterDocuments {
  readonly letter: NewDeadLetter;
  readonly index: Document | undefined;
  /** The letter that exists already. */
  readonly existing: Document | undefined;
}

/** Reads the documents of the identity of a new letter. */
export async function findDocuments(
  documents: DocumentStore,
  letter: NewDeadLetter,
): Promise<LetterDocuments> {
  const index = await documents.get(INDEX_KIND, letter.identity);
  const existing =
    index === undefined ? undefined : await documents.get(LETTER_KIND, index.value['key'] as string);
  return { letter, index, existing };
}

/** Returns the changes that create a letter and its index, or increase the count of the existing letter. */
export function changesFor(
  { letter, index, existing }: LetterDocuments,
  atMs: number,
): readonly DocumentChange[] {
  if (existing !== undefined) {
    const { key, revision, value, blob } = existing;
    const content = { value: addCount(value, letter.count, atMs), ...(blob && { blob }) };
    return [{ kind: LETTER_KIND, key, content, revision }];
  }
  const key = keyOf(letter, atMs);
  const content = { value: toValue(letter, atMs), blob: letter.bytes.subarray(0, MAX_BLOB_BYTES) };
  return [
    { kind: LETTER_KIND, key, content, revision: null },
    // Earlier versions could leave an index without a letter.
    {
      kind: INDEX_KIND,
      key: letter.identity,
      content: { value: { key } },
      revision: index?.revision ?? null,
    },
  ];
}

/** Returns the changes that delete a version of a letter and its index. */
export async function removalOf(
  documents: DocumentStore,
  { key, revision }: LetterVersion,
): Promise<readonly DocumentChange[]> {
  const letter = { kind: LETTER_KIND, key, revision };
  const identity = identityIn(key);
  const index = identity === undefined ? undefined : await documents.get(INDEX_KIND, identity);
  return index?.value['key'] === key
    ? [letter, { kind: INDEX_KIND, key: index.key, revision: index.revision }]
    : [letter];
}
