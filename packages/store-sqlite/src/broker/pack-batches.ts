import type { EncodedEvents } from '@vigilant/core/adapter';
import type { CommitRequest, NewBatch } from '../journal/journal-protocol';
import { copyParts } from '../thread/packing';

/** A batch to write. */
export interface PublishedBatch {
  readonly number: number;
  readonly events: EncodedEvents;
}

/** Copies batches into one buffer that can be transferred. */
export function packBatches(batches: readonly PublishedBatch[]): Pick<CommitRequest, 'bodies' | 'batches'> {
  const described = batches.map(describe);
  const bodies = new Uint8Array(described.reduce((sum, { bodyBytes }) => sum + bodyBytes, 0));
  let offset = 0;
  for (const { events } of batches) offset = copyParts(events.parts, bodies, offset);
  return { bodies: bodies.buffer, batches: described };
}

function describe({ number, events: { count, bytes, parts } }: PublishedBatch): NewBatch {
  return { number, events: count, bytes, bodyBytes: parts.reduce((sum, part) => sum + part.byteLength, 0) };
}
