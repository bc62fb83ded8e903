import { crc32 } from 'node:zlib';
import type { OnDecoded } from './byte-reader';
import { ByteReader } from './byte-reader';
import type { ByteWriter } from './byte-writer';
import { DamagedBlockError } from './damaged';

const CHECKSUM_BYTES = 4;

/** Returns a copy of the written bytes, followed by their CRC-32 (4 bytes, big-endian). */
export function finishWithChecksum(writer: ByteWriter): Uint8Array {
  const checksum = Buffer.alloc(CHECKSUM_BYTES);
  checksum.writeUInt32BE(crc32(writer.written()));
  writer.bytes(checksum);
  return writer.finish();
}

/** Returns a reader of the bytes before the checksum. @throws {DamagedBlockError} when the checksum is wrong. */
export function contentReader(bytes: Uint8Array, onDecoded?: OnDecoded): ByteReader {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const end = buffer.byteLength - CHECKSUM_BYTES;
  const content = buffer.subarray(0, Math.max(0, end));
  if (end < 1 || buffer.readUInt32BE(end) !== crc32(content))
    throw new DamagedBlockError('its checksum is wrong');
  return new ByteReader(content, onDecoded);
}

/**
 * Returns a reader of the bytes between the version and the checksum.
 *
 * @throws {DamagedBlockError} when the checksum is wrong or another version wrote the bytes.
 */
export function checkedReader(bytes: Uint8Array, version: number, onDecoded?: OnDecoded): ByteReader {
  const reader = contentReader(bytes, onDecoded);
  const found = reader.byte();
  if (found !== version) throw new DamagedBlockError(`its version ${found} is not known`);
  return reader;
}
