import type { EncodedEvents } from '@vigilant/core/adapter';
import { encodeAll, readFrames } from '@vigilant/core/adapter';
import type { ReadBatch } from '../journal/journal-protocol';
import type { QueuedBatch } from './owner-queue';

const NO_EVENTS = encodeAll([]);

/** Returns a batch of the journal. A batch that cannot be read becomes a malformed record. */
export function toQueuedBatch(owner: number, { number, bytes, body, damage }: ReadBatch): QueuedBatch {
  try {
    if (damage === undefined) return { number, bytes, events: readBody(body) };
    return { number, bytes, events: NO_EVENTS, malformed: malformed(damage) };
  } catch (error) {
    return { number, bytes, events: NO_EVENTS, malformed: malformed(String(error)) };
  }

  function malformed(reason: string): NonNullable<QueuedBatch['malformed']> {
    return { bytes: new Uint8Array(body), position: `journal/${owner}/${number}`, reason };
  }
}

/** Returns the events of a body. @throws {VigilantError} `VIGILANT_EVENT_INVALID` if it is damaged */
export function readBody(body: ArrayBuffer): EncodedEvents {
  return readFrames(Buffer.from(body));
}
