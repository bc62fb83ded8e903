import { VigilantError } from '@vigilant/core';
import type { Event } from '@vigilant/core';
import { encodeEventJson } from '@vigilant/core/adapter';
import type { OutgoingRecord } from '../contracts/kafka-client';
import type { ResolvedKafkaOptions } from '../contracts/kafka-options';

/** Maximum size of a record without its key and value, in bytes. */
const RECORD_OVERHEAD = 64;

/** Records that fit into one request. */
export interface RecordChunk {
  readonly records: readonly OutgoingRecord[];
  readonly bytes: number;
}

/**
 * Encodes the events of one publish as records, in chunks of at most `maxRequestBytes`.
 *
 * @param batch - Number of the publish.
 * @throws {VigilantError} `VIGILANT_EVENT_INVALID` if a single record is larger
 */
export function chunkRecords(
  events: readonly Event[],
  batch: number,
  { key, maxRequestBytes }: ResolvedKafkaOptions,
): RecordChunk[] {
  const chunks: RecordChunk[] = [];
  let records: OutgoingRecord[] = [];
  let chunkBytes = 0;
  for (const event of events) {
    const value = encodeEventJson(event);
    const record = key === undefined ? { key: event.id, batch, value } : { key: event[key], value };
    const bytes = record.value.byteLength + Buffer.byteLength(record.key) + RECORD_OVERHEAD;
    if (bytes > maxRequestBytes) throw tooLarge(event, bytes, maxRequestBytes);
    if (chunkBytes + bytes > maxRequestBytes) {
      chunks.push({ records, bytes: chunkBytes });
      records = [];
      chunkBytes = 0;
    }
    records.push(record);
    chunkBytes += bytes;
  }
  if (records.length > 0) chunks.push({ records, bytes: chunkBytes });
  return chunks;
}

function tooLarge({ id }: Event, bytes: number, limit: number): VigilantError {
  const reason = `has ${bytes} bytes as a Kafka record. The limit is ${limit} bytes (maxRequestBytes)`;
  return new VigilantError(
    'VIGILANT_EVENT_INVALID',
    `Event ${id} ${reason}. Shorten its data, or raise maxRequestBytes and max.message.bytes of the topic.`,
    { violations: [{ field: 'data', code: 'too_long', reason, limit }] },
  );
}
