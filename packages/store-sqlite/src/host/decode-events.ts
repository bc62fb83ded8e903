import type { StoredEvent } from '@vigilant/core';
import { createWorkSlicer, eventFromParts, readEncoded } from '@vigilant/core/adapter';
import { unpack } from '../thread/packing';

/** Decodes packed events. Yields to other work of the process. */
export async function decodeEvents(
  chunks: readonly ArrayBuffer[],
  sequences: readonly number[],
): Promise<StoredEvent[]> {
  const events: StoredEvent[] = [];
  const slicer = createWorkSlicer();
  for (const chunk of chunks) {
    for (const encoded of unpack(chunk)) {
      const { head, dataJson } = readEncoded(encoded);
      events.push({ ...eventFromParts(head, dataJson), sequence: sequences[events.length] as number });
      await slicer.count(encoded.byteLength);
    }
  }
  return events;
}
