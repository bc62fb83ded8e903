import type { AdapterContext, Event, MalformedMessage } from '@vigilant/core';
import { createWorkSlicer, reasonOf } from '@vigilant/core/adapter';
import type { IncomingRecord } from '../contracts/kafka-client';

/** Timestamp of a record without one. */
const NO_TIMESTAMP = -1;

/** Content of some records. */
export interface DecodedRecords {
  readonly events: readonly Event[];
  readonly malformed: readonly MalformedMessage[];
}

/**
 * Decodes records of a partition. Yields to the event loop in between.
 *
 * @param path - Topic and partition, such as `events/3`.
 */
export async function decodeRecords(
  context: AdapterContext,
  path: string,
  records: readonly IncomingRecord[],
): Promise<DecodedRecords> {
  const events: Event[] = [];
  const malformed: MalformedMessage[] = [];
  const slicer = createWorkSlicer();
  for (const { offset, timestamp, value, undecodable } of records) {
    const position = `${path}/${offset}`;
    const origin = timestamp === NO_TIMESTAMP ? { name: position } : { name: position, timestamp };
    if (undecodable === undefined) {
      try {
        events.push(context.decodeEvent(value, origin));
      } catch (error) {
        malformed.push({ bytes: value, position, reason: reasonOf(error) });
      }
    } else {
      const { reason, lastOffset } = undecodable;
      malformed.push({ bytes: value, position: `${position}-${lastOffset}`, reason });
    }
    await slicer.count(value.byteLength);
  }
  return { events, malformed };
}
