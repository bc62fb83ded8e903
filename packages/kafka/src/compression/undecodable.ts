// A batch of records that cannot be expanded must neither stop its partition nor vanish. Kafka's record batch, version 2, begins
// with 61 bytes (https://kafka.apache.org/documentation/#recordbatch), which stand in memory right before the
// compressed part; they say how many records there are. So as many empty records are made up as there were, the first of
// which carries the whole batch.

/** Of the header in front of the compressed records. */
const HEADER_BYTES = 61;
const AT_LAST_OFFSET_DELTA = 23;
const AT_COUNT = 57;

/** Marks made-up records; random, so that nobody outside can. */
const MARK = Buffer.from(crypto.getRandomValues(new Uint8Array(16)));

/** What a made-up record stands for. */
export interface Undecodable {
  readonly reason: string;
  /** How far behind the first record's offset the last one's lies. */
  readonly lastOffsetDelta: number;
  /** The batch as it came, with its header. */
  readonly bytes: Uint8Array;
}

/** Records in Kafka's form that stand for those that cannot be expanded. */
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

/** Tells a stand-in: what it stands for, `'rest'` when that is in an earlier one, `undefined` for a true record. */
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

/** One record: length, attributes, timestamp delta, offset delta, key, value, headers. */
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

/** Kafka's varint: zigzag, seven bits a byte, lowest first. */
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
