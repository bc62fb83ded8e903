import kafkajs from 'kafkajs';
import type { Codec } from '../compression/codecs';
import { CODECS } from '../compression/codecs';
import { createStandIns } from '../compression/undecodable';
import { toBuffer } from './to-buffer';

/** What kafkajs asks of a codec. */
interface KafkajsCodec {
  compress(encoder: { readonly buffer: Buffer }): Promise<Buffer>;
  decompress(packed: Buffer): Promise<Buffer>;
}

/**
 * Gives kafkajs all codecs, each bounded by the largest limit that any broker of this process was given: there is one registry.
 */
export function registerCodecs(maxBytes: number): void {
  limit = Math.max(limit, maxBytes);
  for (const [type, codec] of Object.entries(CODECS)) {
    const adapted = adapt(codec);
    (kafkajs.CompressionCodecs as Record<string, () => KafkajsCodec>)[type] = () => adapted;
  }
}

let limit = 0;

function adapt({ name, compress, decompress }: Codec): KafkajsCodec {
  return {
    async compress({ buffer }) {
      if (compress === undefined) throw new Error(`There is no compressor for ${name}.`);
      return toBuffer(await compress(buffer));
    },
    async decompress(packed) {
      try {
        return toBuffer(await decompress(packed, limit));
      } catch (error) {
        const reason = error instanceof Error ? error.message : String(error);
        return createStandIns(packed, `a batch compressed with ${name} cannot be expanded: ${reason}`);
      }
    },
  };
}
