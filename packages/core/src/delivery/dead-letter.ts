import { createHash } from 'node:crypto';
import type { MalformedMessage } from '../contracts/broker';
import type { Document } from '../contracts/documents';
import { isVigilantError, reasonOf } from '../util/errors';
import { shorten } from '../util/text';
import { encodeEventJson } from '../event/codec';
import type { Event, JsonObject } from '../event/event';
import type { DeadLetter } from '../contracts/dead-letters';

const MAX_MESSAGE_CHARACTERS = 2_000;

/** Digits of milliseconds since the epoch in a key. */
const TIME_DIGITS = 15;

/** A dead letter that is not written yet. */
export interface NewDeadLetter extends Pick<DeadLetter, 'reason' | 'message' | 'id' | 'position' | 'count'> {
  /** Hash that identifies the letter: another one with the same identity only increases its count. */
  readonly identity: string;
  readonly bytes: Uint8Array;
}

/** Creates the letter of an event whose id belongs to a different event: one per id, regardless of content. */
export function conflictLetter(event: Event): NewDeadLetter {
  return {
    identity: hashOf('id-conflict', event.id),
    reason: 'id-conflict',
    message: 'An event with this id and different content is already stored.',
    id: event.id,
    count: 1,
    bytes: encodeEventJson(event),
  };
}

/** Creates the letter of an event that the store rejects: one per id and content. */
export function rejectedLetter(event: Event, error: unknown): NewDeadLetter {
  const { timestamp: _, receivedAt: __, ...content } = event;
  const text = isVigilantError(error) ? `${error.code}: ${error.message}` : reasonOf(error);
  return {
    identity: hashOf('rejected', event.id, JSON.stringify(content)),
    reason: 'rejected',
    message: shorten(text, MAX_MESSAGE_CHARACTERS),
    id: event.id,
    count: 1,
    bytes: encodeEventJson(event),
  };
}

/** Creates the letter of a record that is not an event: one per position. */
export function malformedLetter({ bytes, position, reason }: MalformedMessage): NewDeadLetter {
  return {
    identity: hashOf('malformed', position),
    reason: 'malformed',
    message: shorten(reason, MAX_MESSAGE_CHARACTERS),
    position,
    count: 1,
    bytes,
  };
}

function hashOf(...parts: readonly string[]): string {
  return createHash('sha256').update(parts.join('\0')).digest('hex').slice(0, 32);
}

/**
 * Returns the key of a letter that is first seen at a time.
 *
 * Keys sort by time. Keys of earlier versions are hexadecimal hashes, which sort first.
 */
export function keyOf({ identity }: Pick<NewDeadLetter, 'identity'>, atMs: number): string {
  return `t${String(Math.max(0, Math.floor(atMs))).padStart(TIME_DIGITS, '0')}-${identity}`;
}

/** A key of this or an earlier version. */
const KEY = new RegExp(`^(t\\d{${TIME_DIGITS}}-)?[0-9a-f]{32}$`);

/** Returns whether a value has the form of a key. */
export function isKey(value: unknown): value is string {
  return typeof value === 'string' && KEY.test(value);
}

/** Returns the identity in the key of a letter; `undefined` for one of an earlier version. */
export function identityIn(key: string): string | undefined {
  return key.startsWith('t') ? key.slice(TIME_DIGITS + 2) : undefined;
}

/** Returns the document value of a new letter. */
export function toValue({ identity: _, bytes, ...letter }: NewDeadLetter, atMs: number): JsonObject {
  return { ...letter, at: atMs, lastAt: atMs, bytes: bytes.byteLength };
}

/** Returns the document value of a letter with its count increased. */
export function addCount(value: JsonObject, count: number, atMs: number): JsonObject {
  return { ...value, count: countIn(value) + count, lastAt: atMs };
}

/** Reads a letter from its document. Those of earlier versions lack `count` and `lastAt`. */
export function toLetter({ key, value }: Pick<Document, 'key' | 'value'>): DeadLetter {
  const { reason, message, at, lastAt = at, id, position } = value as unknown as DeadLetter;
  return {
    key,
    reason,
    message,
    count: countIn(value),
    at,
    lastAt,
    ...(id === undefined ? {} : { id }),
    ...(position === undefined ? {} : { position }),
  };
}

function countIn({ count }: JsonObject): number {
  return typeof count === 'number' ? count : 1;
}
