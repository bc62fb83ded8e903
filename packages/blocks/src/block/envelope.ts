import { crc32 } from 'node:zlib';
import { ByteReader } from '../bytes/byte-reader';
import { ByteWriter } from '../bytes/byte-writer';
import { DamagedBlockError } from '../bytes/damaged';

// Layout of each column of a block: version of the codec, the encoded column, CRC-32 of both (4 bytes, big-endian).

/** Version of the layout. A change of any encoding increments it. */
const CODEC_VERSION = 1;
const CHECKSUM_BYTES = 4;

/** Adds the version and the checksum to what a function writes. */
export function seal(write: (writer: ByteWriter) => void): Uint8Array {
  const writer = new ByteWriter();
  writer.byte(CODEC_VERSION);
  write(writer);
  const checksum = Buffer.alloc(CHECKSUM_BYTES);
  checksum.writeUInt32BE(crc32(writer.written()));
  writer.bytes(checksum);
  return writer.finish();
}

/** Checks version and checksum and returns what is between. @throws {DamagedBlockError} */
export function unseal(bytes: Uint8Array): ByteReader {
  const end = bytes.byteLength - CHECKSUM_BYTES;
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const content = buffer.subarray(0, Math.max(0, end));
  if (end < 1 || buffer.readUInt32BE(end) !== crc32(content))
    throw new DamagedBlockError('its checksum is wrong');
  const reader = new ByteReader(content);
  const version = reader.byte();
  if (version !== CODEC_VERSION) throw new DamagedBlockError(`its version ${version} is not known`);
  return reader;
}
