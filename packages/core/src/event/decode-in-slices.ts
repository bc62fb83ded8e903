import { createWorkSlicer } from '../util/work-slicer';
import { decodeEvent } from './codec';
import type { EncodedEvents } from './encoded-events';
import { framesOf } from './encoded-events';
import type { Event } from './event';

/** Decodes events. Yields to other work of the process. @throws {VigilantError} `VIGILANT_EVENT_INVALID` if one is damaged */
export async function decodeInSlices({ parts }: EncodedEvents): Promise<readonly Event[]> {
  const events: Event[] = [];
  const slicer = createWorkSlicer();
  for (const part of parts) {
    for (const bytes of framesOf(part)) {
      events.push(decodeEvent(bytes));
      await slicer.count(bytes.byteLength);
    }
  }
  return events;
}
