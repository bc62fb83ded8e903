import { reasonOf } from '@vigilant/core/adapter';
import kafkajs from 'kafkajs';
import type { Codec } from '../compression/codecs';
import { CODECS } from '../compression/codecs';
import { createStandIns } from '../compression/undecodable';

/** A codec of kafkajs. */
interface KafkajsCodec {
  compress(encoder: { readonly buffer: Buffer }): Promise<Buffer>;
  decompress(packed: Buffer): Promise<Buffer>;
}

let maxDecompressedBytes = 0;

/**
 * Registers all codecs with kafkajs.
 *
 * kafkajs has one registry per process, so the largest limit of all brokers in the process applies.
 */
export function registerCodecs(maxBytes: number): void {
  maxDecompressedBytes = Math.max(maxDecompressedBytes, maxBytes);
  for (const [type, codec] of Object.entries(CODECS)) {
    const adapted = adapt(codec);
    (kafkajs.CompressionCodecs as Record<string, () => KafkajsCodec>)[type] = () => adapted;
  }
}

function adapt({ name, compress, decompress }: Codec): KafkajsCodec {
  return {
    async compress({ buffer }) {
      if (compress === undefined) throw new Error(`Compression with ${name} is not supported.`);
      return toBuffer(await compress(buffer));
    },
    async decompress(packed) {
      try {
        return toBuffer(await decompress(packed, maxDecompressedBytes));
      } catch (error) {
        return createStandIns(
          packed,
          `a batch compressed with ${name} cannot be decompressed: ${reasonOf(error)}`,
        );
      }
    },
  };
}

/** Returns the same bytes as a Buffer. */
function toBuffer({ buffer, byteOffset, byteLength }: Uint8Array): Buffer {
  return Buffer.from(buffer, byteOffset, byteLength);
}
