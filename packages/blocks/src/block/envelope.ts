import type { ByteReader, OnDecoded } from '../bytes/byte-reader';
import { ByteWriter } from '../bytes/byte-writer';
import { checkedReader, finishWithChecksum } from '../bytes/checksum';

// Layout of each column of a block: version of the codec, the encoded column, CRC-32 of both (4 bytes, big-endian).

/** Version of the layout. A change of any encoding increments it. */
const CODEC_VERSION = 1;

/** Adds the version and the checksum to what a function writes. */
export function seal(write: (writer: ByteWriter) => void): Uint8Array {
  const writer = new ByteWriter();
  writer.byte(CODEC_VERSION);
  write(writer);
  return finishWithChecksum(writer);
}

/** Checks version and checksum and returns what is between. @throws {DamagedBlockError} */
export function unseal(bytes: Uint8Array, onDecoded?: OnDecoded): ByteReader {
  return checkedReader(bytes, CODEC_VERSION, onDecoded);
}
