import { createHash } from 'node:crypto';
import type { MalformedMessage } from '../contracts/broker';
import type { Document, DocumentStore } from '../contracts/documents';
import { MAX_BLOB_BYTES } from '../contracts/documents';
import { VigilantError, isVigilantError } from '../errors';
import { encodeEvent } from '../event/codec';
import type { Event, JsonObject } from '../event/event';
import type { DeadLetter } from '../vigilant';

const KIND = 'dead-letter';
const PAGE = 1_000;
const MESSAGE_CHARACTERS = 2_000;

/** A dead letter before it has its time. */
export type Condemnation = Omit<DeadLetter, 'at'> & { readonly bytes: Uint8Array };

/** The collection of dead letters: bounded, and nothing in it is forgotten by itself. */
export interface DeadLetterBox {
  /** Keeps a letter, or rejects; the same again changes nothing. */
  write(letter: Condemnation): Promise<void>;
  list(options: { readonly after?: string; readonly limit: number }): Promise<{
    readonly letters: readonly DeadLetter[];
    readonly next?: string;
  }>;
  get(key: string): Promise<{ readonly letter: DeadLetter; readonly bytes: Uint8Array } | undefined>;
  delete(key: string): Promise<boolean>;
}

/** Creates the box on some documents; without any, every write fails and says what to do. */
export function createDeadLetterBox(
  documents: DocumentStore | undefined,
  maxCount: number,
  now: () => number,
): DeadLetterBox {
  let count: number | undefined;

  const require = (): DocumentStore => {
    if (documents !== undefined) return documents;
    throw new VigilantError(
      'VIGILANT_NOT_SUPPORTED',
      'This store keeps no documents, so dead letters have nowhere to go; give `deadLetters: { documents }`.',
    );
  };

  const countAll = async (): Promise<number> => {
    let total = 0;
    let after: string | undefined;
    do {
      const page = await require().list(KIND, after === undefined ? { limit: PAGE } : { limit: PAGE, after });
      total += page.documents.length;
      after = page.next;
    } while (after !== undefined);
    return total;
  };

  const write = async ({ bytes, key, ...letter }: Condemnation): Promise<void> => {
    if ((await require().get(KIND, key)) !== undefined) return;
    // What others added or took away is noticed when it matters: when the box seems full.
    if (count === undefined || count >= maxCount) count = await countAll();
    if (count >= maxCount)
      throw new VigilantError(
        'VIGILANT_STORE_FULL',
        `There are ${count} dead letters of at most ${maxCount}; replay or delete some.`,
      );
    const message = letter.message.slice(0, MESSAGE_CHARACTERS);
    const value: JsonObject = { ...letter, message, at: now(), bytes: bytes.byteLength };
    const content = { value, blob: bytes.subarray(0, MAX_BLOB_BYTES) };
    if ((await require().put(KIND, key, content, { revision: null })) !== undefined) count += 1;
  };

  return {
    write,
    async list(options) {
      const page = await require().list(KIND, options);
      const letters = page.documents.map(toLetter);
      return page.next === undefined ? { letters } : { letters, next: page.next };
    },
    async get(key) {
      const document = await require().get(KIND, key);
      if (document === undefined) return undefined;
      return { letter: toLetter(document), bytes: document.blob ?? new Uint8Array() };
    },
    async delete(key) {
      const document = await require().get(KIND, key);
      if (document === undefined) return false;
      const isDeleted = await require().delete(KIND, key, { revision: document.revision });
      if (isDeleted && count !== undefined) count -= 1;
      return isDeleted;
    },
  };
}

/** A letter for an event; keyed by its id and content, so that a redelivery makes no second one. */
export function condemnEvent(
  event: Event,
  reason: 'rejected' | 'id-conflict',
  error?: unknown,
): Condemnation {
  const { timestamp: _, receivedAt: __, ...content } = event;
  const message =
    reason === 'id-conflict' ? 'Its id is taken by an event with other content.' : describe(error);
  return {
    key: keyOf(event.id, JSON.stringify(content)),
    reason,
    message,
    id: event.id,
    bytes: encodeEvent(event),
  };
}

/** A letter for a record that is no event; keyed by its position. */
export function condemnMalformed({ bytes, position, reason }: MalformedMessage): Condemnation {
  return { key: keyOf(position), reason: 'malformed', message: reason, position, bytes };
}

function keyOf(...parts: readonly string[]): string {
  return createHash('sha256').update(parts.join('\0')).digest('hex').slice(0, 32);
}

function describe(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error);
  return isVigilantError(error) ? `${error.code}: ${text}` : text;
}

function toLetter({ key, value }: Pick<Document, 'key' | 'value'>): DeadLetter {
  const { reason, message, at, id, position } = value as unknown as DeadLetter;
  return {
    key,
    reason,
    message,
    at,
    ...(id === undefined ? {} : { id }),
    ...(position === undefined ? {} : { position }),
  };
}
