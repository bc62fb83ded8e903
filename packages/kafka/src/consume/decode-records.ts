import type { AdapterContext, Event, MalformedMessage } from '@vigilant/core';
import type { IncomingRecord } from '../contracts/kafka-client';

/** Bytes decoded before other work of the process gets its turn. */
const BYTES_PER_TURN = 64 * 1024;

/** What Kafka gives for a record without a time. */
const NO_TIME = -1;

/** What a run of records holds. */
export interface Decoded {
  readonly events: readonly Event[];
  readonly malformed: readonly MalformedMessage[];
}

/** Decodes records of a partition, giving other work its turn in between. */
export async function decodeRecords(
  context: AdapterContext,
  place: string,
  records: readonly IncomingRecord[],
): Promise<Decoded> {
  const events: Event[] = [];
  const malformed: MalformedMessage[] = [];
  let bytes = 0;
  for (const { offset, timestamp, value, undecodable } of records) {
    if (bytes > BYTES_PER_TURN) {
      await new Promise((resolve) => setImmediate(resolve));
      bytes = 0;
    }
    bytes += value.byteLength;
    const position = `${place}/${offset}`;
    if (undecodable !== undefined) {
      const { reason, lastOffset } = undecodable;
      malformed.push({ bytes: value, position: `${position}-${lastOffset}`, reason });
      continue;
    }
    try {
      events.push(
        context.decodeEvent(value, { name: position, ...(timestamp === NO_TIME ? {} : { timestamp }) }),
      );
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      malformed.push({ bytes: value, position, reason });
    }
  }
  return { events, malformed };
}
