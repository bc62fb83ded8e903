import type { ByteReader, OnDecoded } from '../bytes/byte-reader';
import { ByteWriter } from '../bytes/byte-writer';
import { checkedReader, finishWithChecksum } from '../bytes/checksum';

// Layout of each column of a block: version of the codec, the encoded column, CRC-32 of both (4 bytes, big-endian).

/** Version of the layout. A change of any encoding increments it. */
const CODEC_VERSION = 1;

/** Returns the bytes that a function writes, with the version before and the checksum after them. */
export function seal(write: (writer: ByteWriter) => void): Uint8Array {
  const writer = new ByteWriter();
  writer.byte(CODEC_VERSION);
  write(writer);
  return finishWithChecksum(writer);
}

/** Checks the version and the checksum. Returns a reader of the bytes between them. @throws {DamagedBlockError} */
export function unseal(bytes: Uint8Array, onDecoded?: OnDecoded): ByteReader {
  return checkedReader(bytes, CODEC_VERSION, onDecoded);
}
