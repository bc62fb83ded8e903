import type { Document, DocumentStore } from '../contracts/documents';
import { MAX_BLOB_BYTES } from '../contracts/documents';
import type { Diagnostic, DiagnosticSink } from '../util/diagnostics';
import type { DeadLetter, DeadLetterPage } from '../contracts/dead-letters';
import type { NewDeadLetter } from './dead-letter';
import { addCount, identityIn, keyOf, toLetter, toValue } from './dead-letter';

/** Kind of the letters. Their keys sort by the time of the first event. */
const KIND = 'dead-letter';

/** Kind of the documents that hold the key of the letter of an identity. */
const INDEX_KIND = 'dead-letter-index';

/** Share of a full collection that is dropped at once, because finding the oldest letters is slow. */
const DROPPED_SHARE = 0.01;

/** Maximum number of documents in one page. */
const MAX_PAGE = 1_000;

const VOLATILE =
  'The store does not support documents, so dead letters are lost when this process ends. Set deadLetters.documents to keep them.';

/** A letter as it was read. */
export interface FoundDeadLetter {
  readonly letter: DeadLetter;
  readonly bytes: Uint8Array;
  /** Changes with every event of the same identity. */
  readonly revision: string;
}

/** The bounded collection of dead letters. When it is full, the oldest letters are dropped and counted. */
export interface DeadLetterQueue {
  /** Writes a letter. If one with the same identity exists, increases its count and keeps its content. */
  write(letter: NewDeadLetter): Promise<void>;
  list(options: { readonly after?: string; readonly limit: number }): Promise<DeadLetterPage>;
  get(key: string): Promise<FoundDeadLetter | undefined>;
  delete(key: string): Promise<boolean>;
  /** Deletes a letter unless another event was added to it since it was read. */
  deleteUnchanged(found: FoundDeadLetter): Promise<boolean>;
  /** Number of letters dropped since the start. */
  readonly dropped: number;
  /** Returns why letters are at risk; `undefined` when all are kept. */
  failureReason(): Promise<string | undefined>;
}

/** Dependencies of a queue. */
export interface DeadLetterQueueParts {
  readonly documents: DocumentStore;
  /** Whether the documents are lost when the process ends although the store is not. */
  readonly isVolatile: boolean;
  readonly maxCount: number;
  readonly now: () => number;
  readonly diagnostics: DiagnosticSink;
}

/** Creates the queue on some documents. */
export function createDeadLetterQueue(parts: DeadLetterQueueParts): DeadLetterQueue {
  return new DocumentQueue(parts);
}

class DocumentQueue implements DeadLetterQueue {
  readonly #parts: DeadLetterQueueParts;
  readonly #documents: DocumentStore;
  readonly #droppedAtOnce: number;
  /** Number of letters; `undefined` until they are counted. Other processes may change it. */
  #count: number | undefined;
  #dropped = 0;
  /** Whether letters were dropped and too few have been deleted since. */
  #isFull = false;

  constructor(parts: DeadLetterQueueParts) {
    this.#parts = parts;
    this.#documents = parts.documents;
    this.#droppedAtOnce = Math.max(1, Math.floor(parts.maxCount * DROPPED_SHARE));
  }

  get dropped(): number {
    return this.#dropped;
  }

  async write(letter: NewDeadLetter): Promise<void> {
    // Each attempt that fails lost a race against another writer.
    while (!(await this.#tryToWrite(letter)));
    const { reason, id, position, count } = letter;
    this.#report(reason, describe(letter), { id, position, count });
    if (this.#parts.isVolatile) this.#report('dead-letters-volatile', VOLATILE);
  }

  async list(options: { readonly after?: string; readonly limit: number }): Promise<DeadLetterPage> {
    const page = await this.#documents.list(KIND, options);
    const letters = page.documents.map(toLetter);
    return page.next === undefined ? { letters } : { letters, next: page.next };
  }

  async get(key: string): Promise<FoundDeadLetter | undefined> {
    const document = await this.#documents.get(KIND, key);
    if (document === undefined) return undefined;
    const { revision, blob = new Uint8Array() } = document;
    return { letter: toLetter(document), bytes: blob, revision };
  }

  async delete(key: string): Promise<boolean> {
    for (;;) {
      const document = await this.#documents.get(KIND, key);
      if (document === undefined) return false;
      if (await this.#remove(document)) return true;
    }
  }

  deleteUnchanged({ letter, revision }: FoundDeadLetter): Promise<boolean> {
    return this.#remove({ key: letter.key, revision });
  }

  async failureReason(): Promise<string | undefined> {
    if (this.#isFull) await this.#recount().catch(() => {});
    if (this.#isFull) return this.#describeFull();
    const isAtRisk = this.#parts.isVolatile && this.#count !== undefined && this.#count > 0;
    return isAtRisk ? VOLATILE : undefined;
  }

  /** Creates a letter or increases its count; returns `false` when another writer was first. */
  async #tryToWrite(letter: NewDeadLetter): Promise<boolean> {
    const index = await this.#documents.get(INDEX_KIND, letter.identity);
    const document =
      index === undefined ? undefined : await this.#documents.get(KIND, index.value['key'] as string);
    return document === undefined
      ? this.#create(letter, index?.revision ?? null)
      : this.#addTo(document, letter.count);
  }

  async #addTo({ key, revision, value, blob }: Document, count: number): Promise<boolean> {
    const content = { value: addCount(value, count, this.#parts.now()), ...(blob && { blob }) };
    return (await this.#documents.put(KIND, key, content, { revision })) !== undefined;
  }

  async #create(letter: NewDeadLetter, indexRevision: string | null): Promise<boolean> {
    await this.#makeRoom();
    const at = this.#parts.now();
    const key = keyOf(letter, at);
    // The index is written first: an index without a letter is replaced, but a letter without an index would not be found.
    const index = { value: { key } };
    const revision = await this.#documents.put(INDEX_KIND, letter.identity, index, {
      revision: indexRevision,
    });
    if (revision === undefined) return false;
    const content = { value: toValue(letter, at), blob: letter.bytes.subarray(0, MAX_BLOB_BYTES) };
    if ((await this.#documents.put(KIND, key, content, { revision: null })) === undefined) return false;
    if (this.#count !== undefined) this.#count += 1;
    return true;
  }

  /** Drops the oldest letters of a full collection. */
  async #makeRoom(): Promise<void> {
    if (this.#count === undefined || this.#excess() > 0) await this.#recount();
    const droppedBefore = this.#dropped;
    for (let excess = this.#excess(); excess > 0; excess = this.#excess()) {
      const limit = Math.min(MAX_PAGE, excess + this.#droppedAtOnce - 1);
      const { documents } = await this.#documents.list(KIND, { limit });
      if (documents.length === 0) break;
      for (const document of documents) if (await this.#remove(document)) this.#dropped += 1;
      this.#isFull = true;
      await this.#recount();
    }
    if (this.#dropped > droppedBefore) this.#report('dead-letters-dropped', this.#describeFull());
  }

  /** Returns how many letters must be dropped before one more fits. */
  #excess(): number {
    return (this.#count ?? 0) - this.#parts.maxCount + 1;
  }

  async #recount(): Promise<void> {
    this.#count = await this.#documents.count(KIND);
    this.#isFull &&= this.#count >= this.#parts.maxCount - this.#droppedAtOnce;
  }

  /** Deletes a letter unless it changed since it was read. */
  async #remove({ key, revision }: Pick<Document, 'key' | 'revision'>): Promise<boolean> {
    if (!(await this.#documents.delete(KIND, key, { revision }))) return false;
    if (this.#count !== undefined) this.#count -= 1;
    await this.#removeIndex(key).catch(() => {});
    return true;
  }

  /** Deletes the index of a deleted letter. An index that remains is replaced by the next letter with the same identity. */
  async #removeIndex(key: string): Promise<void> {
    const identity = identityIn(key);
    if (identity === undefined) return;
    const index = await this.#documents.get(INDEX_KIND, identity);
    if (index?.value['key'] === key)
      await this.#documents.delete(INDEX_KIND, identity, { revision: index.revision });
  }

  #describeFull(): string {
    return `The collection of dead letters is full (deadLetters.maxCount: ${this.#parts.maxCount}); ${this.#dropped} of the oldest were dropped. Replay or delete some.`;
  }

  #report(code: string, message: string, details?: Diagnostic['details']): void {
    this.#parts.diagnostics({
      level: 'warn',
      component: 'dead-letters',
      code,
      message,
      ...(details && { details }),
    });
  }
}

/** Describes a letter to the operator, without the content of its event. */
function describe({ reason, id, position, count }: NewDeadLetter): string {
  const event = `Event ${JSON.stringify(id)}`;
  const times = count > 1 ? ` (${count} times)` : '';
  switch (reason) {
    case 'id-conflict':
      return `${event} is already stored with different content; the later event became a dead letter${times}.`;
    case 'rejected':
      return `${event} was rejected by the store and became a dead letter${times}.`;
    case 'malformed':
      return `Record ${JSON.stringify(position)} is not a valid event and became a dead letter${times}.`;
  }
}
