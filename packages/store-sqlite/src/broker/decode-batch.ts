import type { Event } from '@vigilant/core';
import { decodeEvent } from '@vigilant/core/adapter';
import type { ReadBatch } from '../journal/journal-protocol';
import { unpack } from '../thread/packing';
import type { QueuedBatch } from './owner-queue';

/** Decodes a batch of the journal. A batch that cannot be read becomes a malformed record. */
export function decodeBatch(owner: number, { number, bytes, body, damage }: ReadBatch): QueuedBatch {
  try {
    if (damage === undefined) return { number, bytes, events: decodeBody(body) };
    return { number, bytes, events: [], malformed: malformed(damage) };
  } catch (error) {
    return { number, bytes, events: [], malformed: malformed(String(error)) };
  }

  function malformed(reason: string): NonNullable<QueuedBatch['malformed']> {
    return { bytes: new Uint8Array(body), position: `journal/${owner}/${number}`, reason };
  }
}

/** Decodes the events of a body. */
export function decodeBody(body: ArrayBuffer): readonly Event[] {
  return unpack(body).map(decodeEvent);
}
