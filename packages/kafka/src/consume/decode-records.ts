import type { AdapterContext, Event, MalformedMessage } from '@vigilant/core';
import { reasonOf, yieldToEventLoop } from '@vigilant/core/adapter';
import type { IncomingRecord } from '../contracts/kafka-client';

/** Bytes that are decoded in one turn of the event loop. */
const BYTES_PER_TURN = 64 * 1024;

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
  let bytes = 0;
  for (const { offset, timestamp, value, undecodable } of records) {
    if (bytes > BYTES_PER_TURN) {
      await yieldToEventLoop();
      bytes = 0;
    }
    bytes += value.byteLength;
    const position = `${path}/${offset}`;
    if (undecodable !== undefined) {
      const { reason, lastOffset } = undecodable;
      malformed.push({ bytes: value, position: `${position}-${lastOffset}`, reason });
      continue;
    }
    const origin = timestamp === NO_TIMESTAMP ? { name: position } : { name: position, timestamp };
    try {
      events.push(context.decodeEvent(value, origin));
    } catch (error) {
      malformed.push({ bytes: value, position, reason: reasonOf(error) });
    }
  }
  return { events, malformed };
}
