// A batch of records that cannot be decompressed must neither block its partition nor disappear. It is replaced with stand-in
// records, the first of which contains the whole batch. Their number is in the header of the batch (version 2, 61 bytes,
// https://kafka.apache.org/documentation/#recordbatch), which precedes the compressed records in memory.

/** Size of the header, and offsets of its fields. */
const HEADER_BYTES = 61;
const AT_LAST_OFFSET_DELTA = 23;
const AT_COUNT = 57;

/** Identifies stand-in records. Random, so that no other producer can create one. */
const MARK = Buffer.from(crypto.getRandomValues(new Uint8Array(16)));

/** A batch that could not be decompressed. */
export interface Undecodable {
  readonly reason: string;
  /** Difference between the offsets of the last and the first record. */
  readonly lastOffsetDelta: number;
  /** The batch with its header. */
  readonly bytes: Uint8Array;
}

/** Creates stand-in records for a batch, encoded as Kafka does. */
export function createStandIns(packed: Uint8Array, reason: string): Buffer {
  const { buffer, byteOffset, byteLength } = packed;
  const batch = Buffer.from(buffer, byteOffset - HEADER_BYTES, HEADER_BYTES + byteLength);
  const count = batch.readInt32BE(AT_COUNT);
  const lastOffsetDelta = batch.readInt32BE(AT_LAST_OFFSET_DELTA);
  const head = Buffer.alloc(MARK.length + 4);
  MARK.copy(head);
  head.writeInt32BE(lastOffsetDelta, MARK.length);
  const text = Buffer.from(reason);
  const size = Buffer.alloc(4);
  size.writeInt32BE(text.length);
  const first = record(0, Buffer.concat([head, size, text, batch]));
  const rest = Array.from({ length: count - 1 }, (_, index) =>
    record(index === count - 2 ? lastOffsetDelta : index + 1, MARK),
  );
  return Buffer.concat([first, ...rest]);
}

/** Reads a stand-in record: its batch, `'rest'` if an earlier record contains it, or `undefined` for any other record. */
export function readStandIn(value: Uint8Array | null): Undecodable | 'rest' | undefined {
  if (value === null || value.byteLength < MARK.length) return undefined;
  const bytes = Buffer.from(value.buffer, value.byteOffset, value.byteLength);
  if (!bytes.subarray(0, MARK.length).equals(MARK)) return undefined;
  if (bytes.length === MARK.length) return 'rest';
  const lastOffsetDelta = bytes.readInt32BE(MARK.length);
  const textStart = MARK.length + 8;
  const textEnd = textStart + bytes.readInt32BE(MARK.length + 4);
  const reason = bytes.toString('utf8', textStart, textEnd);
  return { reason, lastOffsetDelta, bytes: bytes.subarray(textEnd) };
}

/** Encodes a record: length, attributes, timestamp delta, offset delta, key, value, headers. */
function record(offsetDelta: number, value: Uint8Array): Buffer {
  const body = Buffer.concat([
    Buffer.from([0, 0]),
    varint(offsetDelta),
    varint(-1),
    varint(value.byteLength),
    value,
    varint(0),
  ]);
  return Buffer.concat([varint(body.length), body]);
}

/** Encodes a varint: zigzag, seven bits per byte, lowest first. */
function varint(value: number): Buffer {
  const bytes: number[] = [];
  let rest = value >= 0 ? value * 2 : value * -2 - 1;
  while (rest >= 0x80) {
    bytes.push((rest % 0x80) | 0x80);
    rest = Math.floor(rest / 0x80);
  }
  bytes.push(rest);
  return Buffer.from(bytes);
}
