import type { DocumentStore } from '../contracts/documents';
import { MAX_BLOB_BYTES, MAX_WRITE_BYTES } from '../contracts/documents';
import type { Diagnostic, DiagnosticSink } from '../util/diagnostics';
import type { DeadLetter, DeadLetterPage } from '../contracts/dead-letters';
import type { NewDeadLetter } from './dead-letter';
import { toLetter } from './dead-letter';
import type { LetterVersion } from './dead-letter-documents';
import { LETTER_KIND, changesFor, findDocuments, removalOf } from './dead-letter-documents';

/** Share of a full collection that is dropped at once, because finding the oldest letters is slow. */
const DROPPED_SHARE = 0.01;

/** Maximum number of documents in one page. */
const MAX_PAGE = 1_000;

/** Bounds of the letters that are written in one transaction. A single letter may have more bytes. */
const MAX_WRITTEN = { letters: 100, bytes: 4 * 1024 * 1024 };

/** Maximum bytes of blobs in one transaction. Those of a single letter fit, and room is left for the values. */
const MAX_WRITTEN_BLOBS = MAX_WRITE_BYTES - MAX_BLOB_BYTES;

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
  /**
   * Writes the first of the given letters, at least one, in one transaction, and returns them. They must have different identities.
   *
   * If a letter with the same identity exists, increases its count and keeps its content.
   */
  write(letters: Iterable<NewDeadLetter>): Promise<readonly NewDeadLetter[]>;
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

/** Creates a queue that keeps its letters in documents. */
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

  async write(letters: Iterable<NewDeadLetter>): Promise<readonly NewDeadLetter[]> {
    let first = firstOf(letters, Math.min(MAX_WRITTEN.letters, this.#parts.maxCount), MAX_WRITTEN.bytes);
    // Fewer letters are less likely to conflict with another writer again, and a single one always fits.
    while (!(await this.#tryToWrite(first))) first = first.slice(0, Math.ceil(first.length / 2));
    for (const letter of first) {
      const { reason, id, position, count } = letter;
      this.#report(reason, describe(letter), { id, position, count });
    }
    if (this.#parts.isVolatile) this.#report('dead-letters-volatile', VOLATILE);
    return first;
  }

  async list(options: { readonly after?: string; readonly limit: number }): Promise<DeadLetterPage> {
    const page = await this.#documents.list(LETTER_KIND, options);
    const letters = page.documents.map(toLetter);
    return page.next === undefined ? { letters } : { letters, next: page.next };
  }

  async get(key: string): Promise<FoundDeadLetter | undefined> {
    const document = await this.#documents.get(LETTER_KIND, key);
    if (document === undefined) return undefined;
    const { revision, blob = new Uint8Array() } = document;
    return { letter: toLetter(document), bytes: blob, revision };
  }

  async delete(key: string): Promise<boolean> {
    for (;;) {
      const document = await this.#documents.get(LETTER_KIND, key);
      if (document === undefined) return false;
      if (await this.#remove([document])) return true;
    }
  }

  async deleteUnchanged({ letter: { key }, revision }: FoundDeadLetter): Promise<boolean> {
    while (!(await this.#remove([{ key, revision }]))) {
      // Otherwise only its index has changed.
      if ((await this.#documents.get(LETTER_KIND, key))?.revision !== revision) return false;
    }
    return true;
  }

  async failureReason(): Promise<string | undefined> {
    if (this.#isFull) await this.#recount().catch(() => {});
    if (this.#isFull) return this.#describeFull();
    const isAtRisk = this.#parts.isVolatile && this.#count !== undefined && this.#count > 0;
    return isAtRisk ? VOLATILE : undefined;
  }

  /** Creates letters or increases their counts; returns `false` when another writer was first or they have too many bytes. */
  async #tryToWrite(letters: readonly NewDeadLetter[]): Promise<boolean> {
    const found = await Promise.all(letters.map((letter) => findDocuments(this.#documents, letter)));
    const created = found.filter(({ existing }) => existing === undefined).length;
    const at = this.#parts.now();
    const changes = found.flatMap((each) => changesFor(each, at));
    const blobBytes = changes.reduce((sum, { content }) => sum + (content?.blob?.byteLength ?? 0), 0);
    if (blobBytes > MAX_WRITTEN_BLOBS) return false;
    const droppedBefore = this.#dropped;
    if (created > 0) await this.#makeRoom(created);
    if (!(await this.#documents.write(changes))) return false;
    // Set again, because a recount during the write finds the new room and resets it.
    if (this.#dropped > droppedBefore) this.#isFull = true;
    if (this.#count !== undefined) this.#count += created;
    return true;
  }

  /** Drops the oldest letters of a full collection, in steps of `#droppedAtOnce`, until `added` more fit. */
  async #makeRoom(added: number): Promise<void> {
    if (this.#count === undefined || this.#excess(added) > 0) await this.#recount();
    const droppedBefore = this.#dropped;
    let maxDropped = MAX_PAGE;
    for (let excess = this.#excess(added); excess > 0; excess = this.#excess(added)) {
      const wanted = Math.ceil(excess / this.#droppedAtOnce) * this.#droppedAtOnce;
      const { documents } = await this.#documents.list(LETTER_KIND, { limit: Math.min(maxDropped, wanted) });
      if (documents.length === 0) break;
      if (await this.#remove(documents)) {
        this.#dropped += documents.length;
        this.#isFull = true;
      } else maxDropped = Math.ceil(documents.length / 2);
      await this.#recount();
    }
    if (this.#dropped > droppedBefore) this.#report('dead-letters-dropped', this.#describeFull());
  }

  /** Returns how many letters must be dropped before `added` more fit. */
  #excess(added: number): number {
    return (this.#count ?? 0) - this.#parts.maxCount + added;
  }

  async #recount(): Promise<void> {
    this.#count = await this.#documents.count(LETTER_KIND);
    this.#isFull &&= this.#count >= this.#parts.maxCount - this.#droppedAtOnce;
  }

  /** Deletes letters together with their indexes, unless one of them has changed since it was read. */
  async #remove(letters: readonly LetterVersion[]): Promise<boolean> {
    const changes = await Promise.all(letters.map((letter) => removalOf(this.#documents, letter)));
    if (!(await this.#documents.write(changes.flat()))) return false;
    if (this.#count !== undefined) this.#count -= letters.length;
    return true;
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

/** Returns the first letters within two bounds, at least one. */
function firstOf(letters: Iterable<NewDeadLetter>, maxCount: number, maxBytes: number): NewDeadLetter[] {
  const first: NewDeadLetter[] = [];
  let bytes = 0;
  for (const letter of letters) {
    bytes += letter.bytes.byteLength;
    if (first.length > 0 && (first.length >= maxCount || bytes > maxBytes)) break;
    first.push(letter);
  }
  return first;
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
