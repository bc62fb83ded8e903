import { Decompress } from 'fzstd';
import lz4 from 'lz4js';
import snappy from 'snappyjs';
import { promisify } from 'node:util';
import { gunzip, gzip } from 'node:zlib';

/** Compresses and decompresses the records of a batch. */
export interface Codec {
  readonly name: string;
  /** Absent if no compressor in JavaScript produces the format of Kafka. */
  readonly compress?: (plain: Uint8Array) => Promise<Uint8Array> | Uint8Array;
  /** Rejects or throws if the result is larger than `maxBytes`. */
  readonly decompress: (packed: Uint8Array, maxBytes: number) => Promise<Uint8Array> | Uint8Array;
}

/** Codecs by number: bits 0 to 2 of the attributes of a batch. */
export const CODECS: Readonly<Record<number, Codec>> = {
  1: {
    name: 'gzip',
    compress: promisify(gzip) as (plain: Uint8Array) => Promise<Uint8Array>,
    decompress: (packed, maxBytes) =>
      (promisify(gunzip) as (packed: Uint8Array, options: object) => Promise<Buffer>)(packed, {
        maxOutputLength: maxBytes,
      }),
  },
  2: { name: 'snappy', compress: (plain) => snappy.compress(plain), decompress: decompressSnappy },
  3: { name: 'lz4', decompress: decompressLz4 },
  4: { name: 'zstd', decompress: decompressZstd },
};

/** First bytes of a snappy stream of the Java client. Two versions of four bytes and the blocks follow, each with its size. */
const SNAPPY_STREAM = Buffer.from([0x82, 0x53, 0x4e, 0x41, 0x50, 0x50, 0x59, 0]);
const SNAPPY_STREAM_HEADER = SNAPPY_STREAM.length + 8;

function decompressSnappy(packed: Uint8Array, maxBytes: number): Uint8Array {
  const source = Buffer.from(packed.buffer, packed.byteOffset, packed.byteLength);
  if (!source.subarray(0, SNAPPY_STREAM.length).equals(SNAPPY_STREAM))
    return snappy.uncompress(source, maxBytes);
  const blocks: Uint8Array[] = [];
  let room = maxBytes;
  for (let at = SNAPPY_STREAM_HEADER; at < source.length;) {
    const size = source.readUInt32BE(at);
    const block = snappy.uncompress(source.subarray(at + 4, at + 4 + size), room);
    blocks.push(block);
    room -= block.byteLength;
    at += 4 + size;
  }
  return Buffer.concat(blocks);
}

function decompressLz4(packed: Uint8Array, maxBytes: number): Uint8Array {
  const bound = lz4.decompressBound(packed);
  if (bound > maxBytes) throw tooLarge(maxBytes);
  return lz4.decompress(packed, bound);
}

function decompressZstd(packed: Uint8Array, maxBytes: number): Uint8Array {
  const chunks: Uint8Array[] = [];
  let room = maxBytes;
  const stream = new Decompress((chunk) => {
    room -= chunk.byteLength;
    if (room < 0) throw tooLarge(maxBytes);
    chunks.push(chunk.slice());
  });
  stream.push(packed, true);
  return Buffer.concat(chunks);
}

function tooLarge(maxBytes: number): Error {
  return new Error(`it has more than ${maxBytes} bytes after decompression (maxDecompressedBytes)`);
}
